"""Rerun the controls of the claims with seeds that no notebook uses: python tests/controls --seed 7

Each module beside this one has a function `controls(seed)` that yields rows, and says in `claims` what they are about.
One whose claims are measured apart takes them as `controls(seed, only)`.
"""
import argparse, importlib, inspect, sys, time
from pathlib import Path
import torch
from report import table

here = Path(__file__).parent
modules = sorted(p.stem for p in here.glob('*.py') if p.stem not in ('__main__', 'report'))

def rows_of(module, seed, only):
    "All rows of a module, or those of some claims; one that can runs nothing else"
    chosen = set(only or module.claims)&set(module.claims)
    alone = dict(only=chosen) if 'only' in inspect.signature(module.controls).parameters else {}
    return [row for row in module.controls(seed, **alone) if row.claim in chosen]

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
        new = rows_of(module, a.seed, a.only)
        print(f'{name}: {time.perf_counter()-start:.0f} s', file=sys.stderr, flush=True)
        rows += new
    print(f'seed {a.seed}\n{table(rows)}')
    return int(not all(r.holds for r in rows))

if __name__=='__main__': sys.exit(main())
