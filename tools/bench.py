"Time our loop and steps against the reference's on the same weights, in turns in one run: python tools/bench.py [steps]"
import statistics, sys, time, warnings
import torch
from diffusers import DDIMScheduler, LMSDiscreteScheduler, PNDMScheduler
from sdexplore.parts import load_parts, scheduler_config
from sdexplore.sampling import initial_noise, txt2img
from sdexplore.schedulers import make_plan

steps = int(sys.argv[1]) if len(sys.argv)>1 else 25
warnings.simplefilter('ignore')
parts = load_parts('pocket')
pipe = parts.pipeline(); pipe.set_progress_bar_config(disable=True)
prompt = 'a red handwritten seven on a blue background'
references = dict(ddim=DDIMScheduler, pndm=PNDMScheduler, lms=LMSDiscreteScheduler)

def seconds(f, *args):
    start = time.perf_counter(); f(*args)
    return time.perf_counter()-start

def in_turns(f, g, repeats):
    f(); g()
    return [statistics.median(t) for t in zip(*[(seconds(f), seconds(g)) for _ in range(repeats)])]

def walk_ours(plan, x, out):
    history = ()
    for i in range(plan.num_calls): x, _, history = plan.step(i, x, out, history)

def walk_theirs(ref, x, out):
    ref.set_timesteps(steps)
    for t in ref.timesteps: x = ref.step(out, t, ref.scale_model_input(x, t)).prev_sample

print(f'A step without the U-Net, mean over a run of {steps}, latents (1,4,64,64): microseconds')
print(f'{"":>10} {"sdexplore":>10} {"diffusers":>10} {"ratio":>6}')
x, out = torch.randn(2, 1,4,64,64)
for name, cls in references.items():
    plan, ref = make_plan(name, parts.schedule, steps), cls.from_config(scheduler_config(parts.schedule))
    a, b = (t/plan.num_calls*1e6 for t in in_turns(lambda: walk_ours(plan, x, out), lambda: walk_theirs(ref, x, out), 9))
    print(f'{name:>10} {a:10.0f} {b:10.0f} {a/b:6.2f}')

print(f'\nThe whole, {steps} guided steps, 64x64, {torch.get_num_threads()} threads; medians')
print(f'{"":>10} {"pictures":>8} {"sdexplore":>10} {"diffusers":>10} {"ratio":>6}')
for name, cls in references.items():
    pipe.scheduler = cls.from_config(scheduler_config(parts.schedule))
    for n, repeats in ((1, 7), (16, 3)):
        a, b = in_turns(lambda: txt2img(parts, prompt, seed=list(range(n)), num_inference_steps=steps, scheduler=name, progress=False),
                        lambda: pipe([prompt]*n, latents=initial_noise(parts, range(n), 64, 64), num_inference_steps=steps, guidance_scale=5.), repeats)
        print(f'{name:>10} {n:8} {a:9.2f}s {b:9.2f}s {a/b:6.2f}')
