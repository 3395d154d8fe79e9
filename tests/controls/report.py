"What a control says: one row of the table"
from dataclasses import dataclass
from sdexplore.metrics import wilson

@dataclass(frozen=True)
class Row:
    claim:str # C8
    what:str # what was measured, with and without
    n:str # pictures, prompts, training seeds
    value:str # as it is printed
    low:float # of the 95 % interval; of a difference or a distance, of its bootstrap
    high:float
    bound:str # what has to hold, in words
    holds:bool # does it?

def share(claim, what, hits, n, bound, least=0., most=1., of=''):
    "A row about a share of n, which has to lie between two bounds"
    low, high = wilson(hits, n)
    return Row(claim, what, of or str(n), f'{hits/n:.0%}', low, high, bound, least<=hits/n<=most)

def difference(claim, what, a, b, bound, least, of=''):
    "A row about the mean difference of paired values, of which the interval's lower end has to be at least so much"
    low, mean, high = bootstrap([x-y for x,y in zip(a, b, strict=True)])
    return Row(claim, what, of or str(len(a)), f'{mean:+.3g}', low, high, bound, low>=least)

def bootstrap(values, times=2000):
    "The mean of some values, and its 95 % interval"
    import torch
    x = torch.tensor(values, dtype=torch.float64)
    drawn = torch.randint(len(x), (times, len(x)), generator=torch.Generator().manual_seed(0))
    means = x[drawn].mean(1).sort().values
    return means[int(.025*times)].item(), x.mean().item(), means[int(.975*times)].item()

def table(rows):
    "All rows, as text"
    cells = [('claim', 'measured', 'n', 'value', '95 %', 'bound', '')]
    cells += [(r.claim, r.what, r.n, r.value, f'{r.low:.3g} to {r.high:.3g}', r.bound, 'holds' if r.holds else 'FAILS')
              for r in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    return '\n'.join('  '.join(cell.ljust(w) for cell,w in zip(row, widths)).rstrip() for row in cells)
