"Time our loop and the reference pipeline on the same weights, in turns in one run: python tools/bench.py [steps]"
import statistics, sys, time
import torch
from sdexplore.parts import load_parts
from sdexplore.sampling import initial_noise, txt2img

steps = int(sys.argv[1]) if len(sys.argv)>1 else 25
parts = load_parts('pocket')
pipe = parts.pipeline(); pipe.set_progress_bar_config(disable=True)
prompt = 'a red handwritten seven on a blue background'

def ours(n): return txt2img(parts, prompt, seed=list(range(n)), num_inference_steps=steps, progress=False).images
def theirs(n): return pipe([prompt]*n, latents=initial_noise(parts, range(n), 64, 64), num_inference_steps=steps, guidance_scale=3.).images

def seconds(f, n):
    start = time.perf_counter(); f(n)
    return time.perf_counter()-start

print(f'{steps} guided DDIM steps, 64x64, {torch.get_num_threads()} threads; medians, in turns')
print(f'{"pictures":>8} {"sdexplore":>10} {"diffusers":>10} {"ratio":>6}')
for n, repeats in ((1, 9), (16, 3)):
    for f in (ours, theirs): f(n)
    times = [(seconds(ours, n), seconds(theirs, n)) for _ in range(repeats)]
    a, b = (statistics.median(t) for t in zip(*times))
    print(f'{n:8} {a:9.2f}s {b:9.2f}s {a/b:6.2f}')
