"Time our loop and steps against the reference's on the same weights, in turns: python tools/bench.py [steps]"
import statistics, sys, time, warnings
import torch
from diffusers import DDIMScheduler, LMSDiscreteScheduler, PNDMScheduler
from sdexplore.parts import load_parts, scheduler_config
from sdexplore.sampling import initial_noise, txt2img
from sdexplore.schedulers import make_plan

steps = int(sys.argv[1]) if len(sys.argv)>1 else 25
prompt = 'a red handwritten seven on a blue background'
references = dict(ddim=DDIMScheduler, pndm=PNDMScheduler, lms=LMSDiscreteScheduler)
warnings.simplefilter('ignore')
parts = load_parts('pocket')
pipe = parts.pipeline()
pipe.set_progress_bar_config(disable=True)

def reference(name): return references[name].from_config(scheduler_config(parts.schedule)|dict(skip_prk_steps=True))

def seconds(f):
    start = time.perf_counter()
    f()
    return time.perf_counter()-start

def in_turns(f, g, repeats):
    "Medians of both, after one of each that does not count"
    f(), g()
    pairs = [(seconds(f), seconds(g)) for _ in range(repeats)]
    return [statistics.median(times) for times in zip(*pairs)]

def walk_ours(plan, x, out):
    history = ()
    for i in range(plan.num_calls): x, _, history = plan.step(i, x, out, history)

def walk_theirs(scheduler, x, out):
    scheduler.set_timesteps(steps)
    for t in scheduler.timesteps: x = scheduler.step(out, t, scheduler.scale_model_input(x, t)).prev_sample

def paint_ours(name, n):
    txt2img(parts, prompt, seed=list(range(n)), num_inference_steps=steps, scheduler=name, progress=False)

def paint_theirs(n):
    latents = initial_noise(parts, range(n), 64, 64)
    pipe([prompt]*n, latents=latents, num_inference_steps=steps, guidance_scale=parts.guidance_scale)

print(f'A step without the U-Net, mean over a run of {steps}, latents (1,4,64,64): microseconds')
print(f'{"":>10} {"sdexplore":>10} {"diffusers":>10} {"ratio":>6}')
x, out = torch.randn(2, 1,4,64,64)
for name in references:
    plan, scheduler = make_plan(name, parts.schedule, steps), reference(name)
    times = in_turns(lambda: walk_ours(plan, x, out), lambda: walk_theirs(scheduler, x, out), 9)
    a, b = (t/plan.num_calls*1e6 for t in times)
    print(f'{name:>10} {a:10.0f} {b:10.0f} {a/b:6.2f}')

print(f'\nThe whole, {steps} guided steps, 64x64, {torch.get_num_threads()} threads; medians')
print(f'{"":>10} {"pictures":>8} {"sdexplore":>10} {"diffusers":>10} {"ratio":>6}')
for name in references:
    pipe.scheduler = reference(name)
    for n, repeats in ((1, 7), (16, 3)):
        a, b = in_turns(lambda: paint_ours(name, n), lambda: paint_theirs(n), repeats)
        print(f'{name:>10} {n:8} {a:9.2f}s {b:9.2f}s {a/b:6.2f}')
