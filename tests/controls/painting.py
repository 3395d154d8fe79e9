"""What the loop, image to image, chains, inversion and attention maps do, with controls (C1, C2, C9, C10, C25)

Settings were chosen on other seeds (500 to 523) than `--seed` 1000 and above use.
"""
import random
from dataclasses import replace
import torch
import torch.nn.functional as F
from report import Row, difference, share
from sdexplore.attention import heat_map, record_attention
from sdexplore.clip import encode_prompt
from sdexplore.digits import Scene, caption, captioned_scenes, draw
from sdexplore.images import to_tensor
from sdexplore.metrics import adherence, measure_colours
from sdexplore.parts import load_parts
from sdexplore.sampling import denoise, img2img, initial_noise, invert, plan_for, txt2img
from sdexplore.schedulers import ddim
from sdexplore.unet import guided
from sdexplore.vae import decode_latents
from sdexplore.worlds import colours

claims = ('C1', 'C2', 'C9', 'C10', 'C25', 'inversion')

def controls(seed):
    parts = load_parts('pocket')
    yield from along_the_run(parts, seed)
    yield from counted_calls(parts, seed)
    yield from by_strength(parts, seed)
    yield from chains(parts, seed)
    yield from edits(parts, seed)
    yield from words(parts, seed)

def scenes(n, seed, **options):
    return captioned_scenes(n, torch.Generator().manual_seed(seed), 'trained', attribute_prob=0., **options)[0]

def is_ink(images):
    "(b,h,w), True where a picture is nearer to its ink than to the colour of its rim"
    rim = torch.cat([images[:,:,:3].flatten(2), images[:,:,-3:].flatten(2)], 2).median(2).values
    away = (images-rim[:,:,None,None]).norm(dim=1)
    return away>.5*away.flatten(1).quantile(.99, dim=1)[:,None,None]

def overlap(one, two):
    "Of each pair of pictures, the ink of both over the ink of either"
    a, b = is_ink(one), is_ink(two)
    return ((a&b).sum((1,2))/(a|b).sum((1,2)).clamp(min=1)).tolist()

def states_of(parts, prompts, noise, plan, scale=None):
    text = encode_prompt(parts, prompts)
    empty = encode_prompt(parts, '').expand_as(text)
    return list(denoise(guided(parts, empty, text, plan, scale), noise, plan))

def along_the_run(parts, seed, n=192):
    "C1: the predicted clean picture against its own prompt, another prompt, and the final picture"
    wanted = scenes(n, seed)
    plan, noise = plan_for(parts), initial_noise(parts, range(seed, seed+n), 64, 64)
    states = states_of(parts, [caption(s) for s in wanted], noise, plan)
    def right(latents, scenes=wanted): return adherence(decode_latents(parts, latents), scenes)['all'].tolist()
    first, last = right(states[0].x0), right(states[-1].prev)
    yield share('C1', 'all as asked, at the end', sum(last), n, 'at least 86 %', .86)
    yield difference('C1', 'all as asked: at the end less after one call', last, first, 'at least +0.25', .25)
    yield difference('C1', 'after three calls: predicted x0 less the latents held', right(states[2].x0),
                     right(states[2].latents), 'at least +0.5', .5)
    other = right(states[-1].prev, wanted[1:]+wanted[:1])
    yield share('C1', 'as the prompt of another picture asks', sum(other), n, 'at most 13 %', 0, .13)
    apart = torch.stack([(s.x0-states[-1].prev).flatten(1).norm(dim=1) for s in states])
    falls = (apart[1:]<apart[:-1]).sum().item()
    yield share('C1', 'steps in which the distance to the final picture falls', falls, n*(len(states)-1),
                'at least 95 %', .95)

def counted_calls(parts, seed):
    "C2: forward passes of the U-Net, counted by a hook on it"
    for scheduler, expected in dict(pndm=51, ddim=50, lms=50).items():
        calls = []
        handle = parts.unet.register_forward_hook(lambda *_: calls.append(1))
        try: txt2img(parts, 'a red seven', seed=seed, num_inference_steps=50, scheduler=scheduler, guidance_scale=1.,
                     timestep_spacing='leading', progress=False)
        finally: handle.remove()
        yield Row('C2', f'calls of the U-Net, {scheduler}, 50 steps', '1', str(len(calls)), len(calls), len(calls),
                  f'exactly {expected}', len(calls)==expected)

def by_strength(parts, seed, n=48):
    "C9: which parts the prompt has changed at which strength, and how much of the strokes is left"
    three = ('subject', 'ink', 'background')
    drawn = scenes(6*n, seed+1)
    pairs = [(a, b) for a,b in zip(drawn[::2], drawn[1::2]) if all(getattr(a, p)!=getattr(b, p) for p in three)][:n]
    old, new = map(list, zip(*pairs, strict=True))
    begun = draw(old, 'test', torch.Generator().manual_seed(seed))
    made = {k/8: to_tensor(img2img(parts, begun, [caption(s) for s in new], k/8, seed=range(seed, seed+n),
                                   guidance_scale=5., progress=False).images) for k in (2, 4, 7)}
    marks = {s: adherence(x, new) for s,x in made.items()}
    kept = adherence(made[.5], old)
    yield share('C9', 'ink new at 0.5', marks[.5]['ink'].sum().item(), n, 'at least 75 %', .75)
    yield share('C9', 'subject new at 0.5', marks[.5]['subject'].sum().item(), n, 'at least 56 %', .56)
    yield share('C9', 'background still the old one at 0.5', kept['background'].sum().item(), n, 'at least 82 %', .82)
    yield share('C9', 'background new at 0.5', marks[.5]['background'].sum().item(), n, 'at most 19 %', 0, .19)
    yield share('C9', 'background new at 0.875', marks[.875]['background'].sum().item(), n, 'at least 70 %', .7)
    by_chance = {s: overlap(x, begun.roll(1, 0)) for s,x in made.items()}
    yield difference('C9', 'strokes in common at 0.25: with the picture less with another', overlap(made[.25], begun),
                     by_chance[.25], 'at least +0.15', .15)
    yield difference('C9', 'the same, turned round, at 0.875', by_chance[.875], overlap(made[.875], begun),
                     'at least -0.1', -.1)

def rough_seven(down, right):
    "Two white bars on blue"
    image = torch.tensor([-1.,-1.,.6]).view(3,1,1).repeat(1,64,64)
    image[:,14+down:22+down,16+right:48+right] = 1.
    image[:,22+down:52+down,38+right:46+right] = 1.
    return image

def chains(parts, seed, n=24):
    "C10: three links, another ink, another stroke, another thing; overlap with the picture before, and with another's"
    rng = random.Random(seed)
    before = torch.stack([rough_seven(rng.randint(-4, 4), rng.randint(-4, 4)) for _ in range(n)])
    thick = dict(ink='yellow', background='blue', stroke='thick')
    links = dict(ink=Scene('seven', 'yellow', 'blue'), stroke=Scene('seven', **thick), subject=Scene('two', **thick))
    for k, ((part, goal), strength) in enumerate(zip(links.items(), (.625, .625, .75))):
        seeds = range(seed+k*n, seed+k*n+n)
        made = to_tensor(img2img(parts, before, caption(goal), strength, seed=seeds, guidance_scale=5.,
                                 progress=False).images)
        right = adherence(made, [goal]*n)
        for asked in dict.fromkeys((part, 'subject', 'ink', 'background')):
            yield share('C10', f'link {k+1}, another {part}: {asked} as asked', right[asked].sum().item(), n,
                        'at least 75 %', .75)
        yield difference('C10', f'link {k+1}: overlap with the picture before less with another chain\'s',
                         overlap(made, before), overlap(made, before.roll(1, 0)), 'at least +0.05', .05)
        before = made

def edits(parts, seed, n=32):
    "Inversion, then other words: what changes, what stays; with the old words, and from fresh noise"
    rng, old = random.Random(seed), scenes(n, seed+2)
    new = [replace(s, ink=rng.choice([c for c in colours if c not in (s.ink, s.background)])) for s in old]
    real, plan = draw(old, 'test', torch.Generator().manual_seed(seed)), ddim(parts.schedule, 10)
    old_words, new_words = ([caption(s) for s in some] for some in (old, new))
    def painted(noise, prompts): return decode_latents(parts, states_of(parts, prompts, noise, plan, 1.)[-1].prev)
    noise = invert(parts, real, old_words, 10, refine=1)
    again, edited = painted(noise, old_words), painted(noise, new_words)
    fresh = painted(initial_noise(parts, range(seed, seed+n), 64, 64), new_words)
    right = adherence(edited, new)
    yield share('inversion', 'new ink as asked', right['ink'].sum().item(), n, 'at least 87 %', .87)
    yield share('inversion', 'background kept', right['background'].sum().item(), n, 'at least 87 %', .87)
    yield difference('inversion', 'strokes in common: old words less new ink', overlap(again, real),
                     overlap(edited, real), 'at least +0.1', .1)
    yield difference('inversion', 'strokes in common: new ink less fresh noise', overlap(edited, real),
                     overlap(fresh, real), 'at least +0.1', .1)

def relative(rec, prompts, nouns, **which):
    heat = heat_map(rec, prompts, nouns, **which)
    return heat/heat.mean((1,2), keepdim=True)

def half_means(heat, order):
    "Of a map, on the first noun's half and on the second's"
    left, right = (half.mean((1,2)) for half in heat.chunk(2, 2))
    return (left, right) if order=='left of' else (right, left)

def ink_means(heat, images, order):
    "Of a map, on the ink of the first noun's thing and of the second's"
    heat = F.interpolate(heat[:,None], images.shape[-2:], mode='bilinear')[:,0]
    ink = is_ink(images).float()
    means = [(a*m).sum((1,2))/m.sum((1,2)).clamp(min=1) for a,m in zip(heat.chunk(2, 2), ink.chunk(2, 2))]
    return means if order=='left of' else means[::-1]

def painted_pairs(parts, prompts, seeds):
    plan = plan_for(parts)
    with record_attention(parts, heads=True) as rec:
        *_, last = states_of(parts, prompts, initial_noise(parts, seeds, 64, 128), plan)
    return rec, decode_latents(parts, last.prev)

def words(parts, seed, n=48):
    "C25: two nouns' maps, each by its own mean, and their difference; the same scenes with the things swapped"
    drawn = scenes(4*n, seed+3, wide=True)
    pairs = [w for w in drawn if w.left.subject!=w.right.subject and w.left.ink!=w.right.ink][:n]
    nouns = [w.left.subject for w in pairs], [w.right.subject for w in pairs]
    still = {}
    for order in ('left of', 'right of'):
        prompts = [caption(w).replace(' left of ', f' {order} ') for w in pairs]
        rec, images = painted_pairs(parts, prompts, range(seed, seed+n))
        halves = images.chunk(2, 3) if order=='left of' else images.chunk(2, 3)[::-1]
        first, second = (measure_colours(half)[0] for half in halves)
        standing = sum(a==w.left.ink and b==w.right.ink for a,b,w in zip(first, second, pairs))
        yield share('C25', f'"{order}": both things on their sides', standing, n, 'at least 90 %', .9)
        maps = [relative(rec, prompts, noun) for noun in nouns]
        apart = maps[0]-maps[1]
        sides, inks = half_means(apart, order), ink_means(apart, images, order)
        yield share('C25', f'"{order}": the difference of the nouns\' maps is on their sides',
                    (sides[0]>sides[1]).sum().item(), n, 'at least 80 %', .8)
        yield share('C25', f'"{order}": higher on its own ink than on the other\'s', (inks[0]>inks[1]).sum().item(), n,
                    'at least 90 %', .9)
        alone = half_means(maps[0], order)
        told = ('at least 60 %', .6, 1.) if order=='left of' else ('at most 40 %', 0., .4)
        yield share('C25', f'"{order}": the first noun\'s map alone is on its side', (alone[0]>alone[1]).sum().item(),
                    n, *told)
        one_side = [relative(rec, prompts, nouns[1], layers='up_blocks.0.attentions.0', heads=[1]).chunk(2, 2)[1]]
        still[order] = (one_side[0].sum((1,2))/(16*16*2)).tolist()
    for order, shares in still.items():
        mean = sum(shares)/n
        yield Row('C25', f'"{order}": a positional head, second noun, on the right', str(n), f'{mean:.0%}', min(shares),
                  max(shares), 'at least 85 % both ways', mean>=.85)
