"""Rerun the controls of the claims with seeds that no notebook uses: python tests/controls --seed 7

Each module beside this one has a function `controls(seed)` that yields rows, and says in `claims` what they are about.
"""
import argparse, importlib, sys, time
from pathlib import Path
import torch
from report import table

here = Path(__file__).parent
modules = sorted(p.stem for p in here.glob('*.py') if p.stem not in ('__main__', 'report'))

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seed', type=int, default=1000, help='of prompts, noise and training (1000)')
    parser.add_argument('--only', nargs='+', default=[], metavar='C8', help='some claims alone')
    a = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name in modules:
        module = importlib.import_module(name)
        if a.only and not set(a.only)&set(module.claims): continue
        start = time.perf_counter()
        new = [row for row in module.controls(a.seed) if not a.only or row.claim in a.only]
        print(f'{name}: {time.perf_counter()-start:.0f} s', file=sys.stderr, flush=True)
        rows += new
    print(f'seed {a.seed}\n{table(rows)}')
    return int(not all(r.holds for r in rows))

if __name__=='__main__': sys.exit(main())
