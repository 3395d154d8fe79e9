"Time a picture alone and beside a process that keeps a core busy, by how threads wait: python tools/neighbour.py"
import os, statistics, subprocess, sys

paint = '''
import time
from sdexplore.parts import load_parts
from sdexplore.sampling import txt2img
pocket = load_parts('pocket')
txt2img(pocket, 'a red 7', progress=False)
for seed in range(5):
    start = time.perf_counter()
    txt2img(pocket, 'a red 7', seed=seed, num_inference_steps=25, progress=False)
    print(time.perf_counter()-start)
'''
ways = {'as they come': dict(OMP_WAIT_POLICY='active'), 'passive, as sdexplore asks': dict(OMP_WAIT_POLICY='passive'),
        'one thread': dict(OMP_NUM_THREADS='1')}

def seconds(**env):
    "The median of five pictures, in a process of its own"
    ran = subprocess.run([sys.executable, '-c', paint], env=os.environ|env, capture_output=True, text=True, check=True)
    return statistics.median(map(float, ran.stdout.split()))

def beside_a_busy_core(measure):
    "While another process counts"
    busy = subprocess.Popen([sys.executable, '-c', 'while True: pass'])
    try: return measure()
    finally: busy.kill()

print(f'{os.cpu_count()} cores; one picture, 25 guided steps, seconds')
print(f'{"threads":28} {"alone":>6} {"beside":>7} {"ratio":>6}')
for name, env in ways.items():
    alone, beside = seconds(**env), beside_a_busy_core(lambda env=env: seconds(**env))
    print(f'{name:28} {alone:6.2f} {beside:7.2f} {beside/alone:6.1f}', flush=True)
