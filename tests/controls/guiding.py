"""Guidance, its price, negative prompts and the paths of three schedulers, with controls (C5 to C8, C24)

Settings were chosen on other seeds (500 to 731) than `--seed` 1000 and above use.
"""
import random
from report import Row, bootstrap, difference, share
from sdexplore.clip import encode_prompt
from sdexplore.digits import caption, scenes, subjects
from sdexplore.images import to_tensor
from sdexplore.metrics import adherence, diversity, ink_and_background, judge_subjects, measure_colours
from sdexplore.parts import load_parts
from sdexplore.sampling import denoise, initial_noise, plan_for, txt2img
from sdexplore.unet import guided
from sdexplore.worlds import colour_values, colours

claims = ('C5', 'C6', 'C7', 'C8', 'C24')
each = 6 # pictures of each of the 16 captions

def controls(seed):
    parts = load_parts('pocket')
    yield from words(parts, seed)
    yield from scales(parts, seed)
    yield from paths(parts, seed)

def painted(parts, prompts, seeds, **kwargs):
    return to_tensor(txt2img(parts, prompts, seed=seeds, progress=False, **kwargs).images)

def others(seen, pool, rng):
    "For each name another one, by lot"
    return [rng.choice([name for name in pool if name!=s]) for s in seen]

def sevens(parts, seeds, **kwargs): return painted(parts, 'a handwritten seven', seeds, **kwargs)
def grounds(images): return measure_colours(images)[1]

def moved(before, after, names):
    "How much farther each background is from the colour of that name than it was"
    was, now = ((ink_and_background(x)[1]-colour_values(names)).norm(dim=1) for x in (before, after))
    return (now-was).tolist()

def words(parts, seed, n=96):
    "C8: the background's own colour in the negative prompt, against another colour and a thing"
    rng, seeds = random.Random(seed), list(range(seed, seed+n))
    before = sevens(parts, seeds)
    own = grounds(before)
    other = others(own, colours, rng)
    neither = [rng.choice([c for c in colours if c not in pair]) for pair in zip(own, other)]
    things = others(['seven']*n, subjects, rng)
    negatives = dict(own=[f'{c} background' for c in own], other=[f'{c} background' for c in other],
                     thing=[f'a {s}' for s in things])
    after = {k: sevens(parts, seeds, negative_prompt=v) for k,v in negatives.items()}
    kept = {k: [float(a==b) for a,b in zip(grounds(v), own)] for k,v in after.items()}
    for k, what in dict(own='its own colour', other='another colour', thing='a thing').items():
        yield share('C8', f'background kept, {what} in the negative prompt', sum(kept[k]), n, 'printed only')
    for k, what in dict(own='its own colour', other='another colour').items():
        yield difference('C8', f'background kept: a thing less {what}', kept['thing'], kept[k], 'above 0.2', .2)
    low, mean, high = bootstrap([a-b for a,b in zip(kept['other'], kept['own'])])
    yield Row('C8', 'background kept: another colour less its own', str(n), f'{mean:+.0%}', low, high,
              'below 25 points', high<.25)
    named, third, control = (moved(before, after[k], names) for k,names in
                             (('other', other), ('other', neither), ('thing', other)))
    yield difference('C8', 'moved away from a colour: named less a thing named', named, control, 'above 0.2', .2)
    yield difference('C8', 'moved away: from the named colour less from a third', named, third, 'above 0', 1e-9)
    left = judge_subjects(after['own'])[0].count('seven')
    yield share('C8', 'still a seven, its own colour', left, n, 'at least 85 %', .85)

def by_subject(seed):
    "One trained scene of each subject"
    rng, pool = random.Random(seed), scenes('trained')
    return [rng.choice([s for s in pool if s.subject==name]) for name in subjects]

def scales(parts, seed):
    "C5, C6 and C7: the scale, the number of steps, and averages of pictures instead"
    wanted = by_subject(seed)*each
    n = len(wanted)
    seeds, prompts, of = list(range(seed, seed+n)), [caption(s) for s in wanted], f'{n}, 16 captions'
    def at(scale, **kwargs): return painted(parts, prompts, seeds, guidance_scale=scale, **kwargs)
    def right(images): return adherence(images, wanted)['all'].tolist()
    def varied(images): return [diversity(images[k::16]) for k in range(16)]
    nothing, one, five, ten = (at(scale) for scale in (0., 1., 5., 10.))
    long = at(10., num_inference_steps=24)
    yield difference('C5', 'right at scale 5 less at 1', right(five), right(one), 'above 0', 1e-9, of)
    yield difference('C5', 'right at scale 10: 24 steps less 8', right(long), right(ten), 'above 0', 1e-9, of)
    yield difference('C6', 'diversity at scale 1 less at 5', varied(one), varied(five), 'above 0', 1e-9, of)
    yield difference('C6', 'diversity at scale 10: 8 steps less 24', varied(ten), varied(long), 'printed only', -9, of)
    yield difference('C6', 'diversity at scale 5 less at 10 in 24 steps', varied(five), varied(long),
                     'printed only', -9, of)
    average = (nothing+one)/2
    yield share('C7', 'right: two pictures averaged', sum(right(average)), n, 'at most 25 %', 0, .25, of)
    yield difference('C7', 'right: guidance 5 less the averages', right(five), right(average), 'above 0.5', .5, of)

def end_of(parts, noise, emb, empty, scheduler, steps):
    plan = plan_for(parts, steps, scheduler, 'trailing')
    *_, last = denoise(guided(parts, empty, emb, plan, 2.), noise, plan)
    return last.prev

def paths(parts, seed, n=8):
    "C24: from one noise, three schedulers come to the same end, the nearer the more steps they have"
    noise = initial_noise(parts, list(range(seed, seed+n)), 64, 64)
    emb, empty = encode_prompt(parts, [caption(s) for s in by_subject(seed)[:n]]), encode_prompt(parts, ['']*n)
    goal = end_of(parts, noise, emb, empty, 'ddim', 96)
    for name in ('pndm', 'ddim', 'lms'):
        far, near = ((end_of(parts, noise, emb, empty, name, steps)-goal).flatten(1).norm(dim=1)
                     for steps in (8, 24))
        yield difference('C24', f'{name}: distance from the end, 8 steps less 24', far.tolist(), near.tolist(),
                         'above 0', 1e-9, f'{n} noises')
