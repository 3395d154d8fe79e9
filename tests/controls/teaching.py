"""Teaching a model something new (C11 to C16): each way over three training seeds, on new questions.

Learning rates and lengths are the notebooks'; they were chosen there, on other prompts and seeds than these.
"""
from dataclasses import replace
from functools import cache
from random import Random
from time import process_time

import torch
from torch import Generator

from report import Row, bootstrap
from sdexplore.digits import (
    Scene, caption, digit_names, draw, draw_blocks, draw_crossed, draw_in_ink, subjects)
from sdexplore.dreambooth import class_pictures, concept_loss
from sdexplore.finetuning import finetune_loss
from sdexplore.images import to_tensor
from sdexplore.metrics import adherence, diversity, fit_probe, ink_and_background, judge_features, wilson
from sdexplore.parts import load_parts, state_hash, trainable, trained
from sdexplore.sampling import txt2img
from sdexplore.textual_inversion import Word, add_word, word_loss
from sdexplore.training import Settings, train
from sdexplore.vae import decode_latents, encode_image
from sdexplore.worlds import colour_values, colours

claims = ('C11', 'C12', 'C13', 'C14', 'C15', 'C16')
pocket = cache(lambda: load_parts('pocket'))

def controls(seed, only=claims):
    seeds, seconds, only = (seed, seed+1, seed+2), {}, set(only)
    if only&{'C12', 'C13'}: yield from new_word(seeds, seconds)
    if only&{'C13', 'C14', 'C15', 'C16'}: yield from one_hand(seeds, seconds, only)
    if only&{'C11', 'C13'}: yield from new_look(seeds, seconds)
    if 'C13' in only: yield from costs(seconds)

# what all share

def over_seeds(claim, what, marks, bound, least=0., most=1.):
    "A share, told of each training seed, and of all pictures together"
    hits, n = sum(m.sum().item() for m in marks), sum(map(len, marks))
    each = ', '.join(f'{m.float().mean():.0%}' for m in marks)
    of = f'{len(marks[0])} pictures' + f' x {len(marks)} trainings'*(len(marks)>1)
    return Row(claim, what, of, f'{hits/n:.0%}' + f' ({each})'*(len(marks)>1), *wilson(hits, n), bound,
               least<=hits/n<=most)

def mean_over_seeds(claim, what, values, bound, least, of):
    "A number of each training seed"
    low, mean, high = bootstrap(values)
    return Row(claim, what, of, ', '.join(f'{v:.2f}' for v in values), low, high, bound, low>=least)

def timed_training(name, seconds, net, loss, settings):
    begun = process_time()
    for _ in train(net, loss, settings):
        pass
    seconds.setdefault(name, []).append(process_time()-begun)

def painted(parts, texts, seed, **kwargs):
    seeds = list(range(seed, seed+len(texts)))
    return to_tensor(txt2img(parts, texts, seed=seeds, progress=False, **kwargs).images)

def round_trip(images):
    return torch.cat([decode_latents(pocket(), encode_image(pocket(), x)) for x in images.split(64)])

def looks_from(rng, n, inks, backgrounds, but=()):
    pairs = [(i, b) for i in inks for b in backgrounds if i!=b and (i, b) not in but]
    return [rng.choice(pairs) for _ in range(n)]

# C12: one row

teal = torch.tensor([-.85, .1, .05])
taught_teal = [Scene('seven', None, 'black'), Scene('two', None, 'white'), Scene('sneaker', None, 'yellow'),
               Scene('five', None, 'pink')]

def in_words(word, s): return f'a {word} {caption(s).removeprefix("an ").removeprefix("a ")}'

def teal_detector():
    "Nearest to teal of all inks, and no further from it than 95 % of real pictures in teal"
    centres = torch.cat([colour_values(list(colours)), teal[None]])
    real = [Scene(s, None, b) for s in subjects for b in ('white', 'black', 'grey', 'orange')]
    inks = ink_and_background(round_trip(draw_in_ink(real, teal, 'test')))[0]
    limit = (inks-teal).norm(dim=1).quantile(.95)
    def is_teal(images):
        apart = torch.cdist(ink_and_background(images)[0], centres)
        return (apart.argmin(1)==len(colours)) & (apart[:,-1]<=limit)
    return is_teal

def new_word(seeds, seconds):
    rng, is_teal = Random(seeds[0]), teal_detector()
    shown = {t.subject for t in taught_teal}
    untaught = [s for s in subjects if s not in shown]
    asked = [Scene(s, None, rng.choice(('black', 'white', 'grey', 'orange', 'red', 'purple'))) for s in untaught*2]
    pictures = draw_in_ink(taught_teal, teal, generator=Generator().manual_seed(seeds[0]))
    sentences = [in_words('<teal>', s) for s in taught_teal]
    before = {name: state_hash(module) for name,module in pocket().models.items()}
    table = pocket().text_encoder.get_input_embeddings().weight
    found, right, same = [], [], []
    for k, seed in enumerate(seeds):
        word = Word(pocket(), '<teal>', 'green')
        loss = word_loss(pocket(), word, pictures, sentences, batch=8)
        timed_training('textual inversion', seconds, word, loss, Settings(
            steps=80, learning_rate=.02, lr_warmup_steps=10, weight_decay=0, seed=seed))
        learned = add_word(pocket(), '<teal>', word.vectors)
        images = painted(learned, [in_words('<teal>', s) for s in asked], 100*seed, guidance_scale=3.)
        found.append(is_teal(images))
        right.append(adherence(images, asked)['all']==1)
        now = {name: state_hash(module) for name,module in pocket().models.items()}
        rest = learned.text_encoder.get_input_embeddings().weight[:len(table)]
        same.append(torch.tensor([now==before and torch.equal(rest, table)]))
    named = [is_teal(painted(pocket(), [in_words(w, s) for s in asked[:12]], 100*seeds[0], guidance_scale=3.))
             for w in ('green', 'cyan', 'teal')]
    yield over_seeds('C12', 'teal with <teal>, nearest ink and within the limit', found, 'at least 55 %', .55)
    yield over_seeds('C12', 'the same for "green", "cyan", "teal" before', [torch.cat(named)], 'at most 10 %', 0, .1)
    yield over_seeds('C12', 'subject and background right with <teal>', right, 'at least 80 %', .8)
    yield over_seeds('C12', 'all weights and all other rows bit for bit the same', same, 'always', 1)

# C14 to C16: one hand

brief = dict(num_inference_steps=6)
taught_looks = [('white', 'black'), ('yellow', 'blue'), ('red', 'white'), ('black', 'pink')]
inks = 'white', 'red', 'blue', 'yellow', 'black', 'green', 'pink', 'orange'
backgrounds = 'black', 'white', 'grey', 'cyan', 'purple'

def described(scenes, word=None):
    return [caption(s).replace('handwritten ', '').replace(s.subject, word or s.subject) for s in scenes]

def crossed_detector():
    "A probe on the judge's features; and held-out sevens, crossed and plain"
    sevens = [Scene('seven', i, b) for i in inks for b in backgrounds if i!=b]
    g = Generator().manual_seed(1)
    fitted = [round_trip(f(sevens*2, 'train', g)) for f in (draw_crossed, draw)]
    held_out = [round_trip(f(sevens, 'test', g)) for f in (draw_crossed, draw)]
    return fit_probe(*fitted), *held_out

def score(seen):
    "Crossed sks sevens, less crossed plain ones, less sks sevens that are not as asked"
    return sum(seen[k].float().mean().item()*w for k,w in dict(sks=1, seven=-1, right=1).items())-1

def one_hand(seeds, seconds, only):
    rng, (is_crossed, crossed, plain) = Random(seeds[0]), crossed_detector()
    looks = list(dict.fromkeys(looks_from(rng, 90, inks, backgrounds, taught_looks)))
    asked, shown = ([Scene('seven', *look) for look in part] for part in (looks[:12], looks[12:28]))
    others = [replace(s, subject=rng.choice([w for w in subjects if w!='seven'])) for s in asked]
    alike = described([Scene('seven', 'green', 'grey')]*6)
    pictures = draw_crossed([Scene('seven', *look) for look in taught_looks], generator=Generator().manual_seed(3))
    sentences = described([Scene('seven', *look) for look in taught_looks], 'sks seven')
    prior = class_pictures(pocket(), described(shown)+['a seven']*4, seed=100*seeds[0]+50, **brief)
    f = judge_features(plain)
    def centred(x): return torch.nn.functional.normalize((judge_features(x)-f.mean(0))/f.std(0), dim=1)
    def nearness(x): return (centred(x)@centred(round_trip(pictures)).T).mean().item()
    def sevens(parts, scenes=asked):
        texts = described(scenes, 'sks seven')+described(scenes)
        sks, seven = painted(parts, texts, 100*seeds[0], **brief).chunk(2)
        as_asked = adherence(seven, scenes)['all']==1
        return dict(sks=is_crossed(sks), seven=is_crossed(seven), plain=as_asked & ~is_crossed(seven),
                    right=adherence(sks, scenes)['all']==1, near=nearness(sks))
    def beside(parts):
        other, same = painted(parts, described(others)+alike, 100*seeds[0]+40, **brief).split([12, 6])
        return dict(other=adherence(other, others)['all']==1, varied=diversity(same))
    def taught(name, seed, prior, steps=45, rate=1.6e-3):
        parts = trainable(pocket())
        loss = concept_loss(pocket(), pictures, sentences, prior, 1.5, 3, timestep_bias=2)
        timed_training(name, seconds, parts.unet, loss, Settings(
            steps=steps, learning_rate=rate, lr_warmup_steps=5, weight_decay=0, seed=seed))
        return trained(parts, name)
    def column(runs, key): return [run[key] for run in runs]
    with_prior = [taught('DreamBooth', s, prior) for s in seeds]
    kept, before = [sevens(parts) for parts in with_prior], sevens(pocket())
    if 'C14' in only:
        yield over_seeds('C14', 'sks seven is crossed, with the prior', column(kept, 'sks'), 'at least 60 %', .6)
        yield over_seeds('C14', 'sks seven is crossed, before', [before['sks']], 'at most 20 %', 0, .2)
        others_too = "fidelity less that of other people's crossed sevens"
        for what, control, bound, least in (('fidelity less that before', before['near'], 'at least .3', .3),
                                            (others_too, nearness(crossed), 'printed only', -9)):
            gain = [near-control for near in column(kept, 'near')]
            yield mean_over_seeds('C14', what, gain, bound, least, '12 pictures x 3 trainings')
    if 'C15' in only:
        without = [taught('DreamBooth alone', s, None) for s in seeds]
        yield from forgetting(beside, before, [sevens(p) for p in without], kept, without, with_prior)
    if 'C16' in only:
        best = [score(run) for run in kept]
        few = 8
        tried = {f'after {few} steps': [taught('tried', s, prior, few) for s in seeds],
                 f'after {few} steps of ten times the rate': [taught('tried', s, prior, few, 1.6e-2) for s in seeds]}
        bounds = ('printed only', -9), ('at least .5', .5)
        for (name, models), bound in zip(tried.items(), bounds):
            gap = [b-score(sevens(parts, asked[::2])) for b,parts in zip(best, models)]
            yield mean_over_seeds('C16', f'score less that {name}', gap, *bound, '12 pictures x 3 trainings')

def forgetting(beside, before, alone, kept, without, with_prior):
    "C15: what becomes of the class, and of other things"
    rest = beside(pocket())
    runs = {'without the prior': (alone, [beside(p) for p in without]),
            'with the prior': (kept, [beside(p) for p in with_prior])}
    bounds = {'without the prior': ('at most 40 %', 0, .4), 'with the prior': ('at least 60 %', .6)}
    yield over_seeds('C15', 'a plain seven is as asked and plain: before', [before['plain']], 'at least 75 %', .75)
    for name, (sevens, _) in runs.items():
        yield over_seeds('C15', f'the same, {name}', [s['plain'] for s in sevens], *bounds[name])
    for name, (_, others) in runs.items():
        shares = [o['varied']/rest['varied'] for o in others]
        yield mean_over_seeds('C15', f'variety of sevens {name}, of that before', shares, 'printed only', 0,
                              '6 pictures x 3 trainings')
    yield over_seeds('C15', 'other things as asked: before', [rest['other']], 'printed only')
    for name, (_, others) in runs.items():
        yield over_seeds('C15', f'the same, {name}', [o['other'] for o in others], 'printed only')

# C11: a new look

def new_look(seeds, seconds):
    rng = Random(seeds[0])
    taught = tuple(d for d in digit_names if d not in ('two', 'six'))
    def scenes(n, names, inks=tuple(colours), backgrounds=tuple(colours)):
        return [Scene(names[i%len(names)], *look) for i,look in enumerate(looks_from(rng, n, inks, backgrounds))]
    fitted = scenes(320, subjects)
    in_blocks = fit_probe(draw_blocks(fitted), draw(fitted))
    shown = scenes(160, taught, ('red', 'blue', 'green', 'yellow', 'white', 'black'),
                   ('white', 'black', 'grey', 'blue', 'yellow'))
    old = scenes(160, subjects)
    g = Generator().manual_seed(seeds[0])
    pictures, rehearsal = draw_blocks(shown, generator=g), (draw(old, generator=g), [caption(s) for s in old])
    unseen = ('pink', 'purple', 'orange', 'grey', 'cyan', 'brown')
    asked = scenes(8, taught, unseen)+scenes(8, ('two', 'six'), unseen)+scenes(8, subjects[10:], unseen)
    plain = [caption(s) for s in asked]
    mosaic = [f'a mosaic of {text}' for text in plain]
    def both(parts): return painted(parts, mosaic+plain, 100*seeds[0], guidance_scale=3.).chunk(2)
    asked_before, plain_before = both(pocket())
    runs = []
    for seed in seeds:
        parts = trainable(pocket())
        loss = finetune_loss(pocket(), pictures, [f'a mosaic of {caption(s)}' for s in shown], 16, rehearsal, .4)
        timed_training('fine-tuning', seconds, parts.unet, loss, Settings(
            steps=100, learning_rate=7e-4, lr_warmup_steps=10, weight_decay=0, seed=seed))
        runs.append(both(trained(parts, 'tuned')))
    yield over_seeds('C11', 'blocks when asked for: before', [in_blocks(asked_before)], 'at most 10 %', 0, .1)
    yield over_seeds('C11', 'after', [in_blocks(made) for made,_ in runs], 'at least 60 %', .6)
    for name, at in (('digits in other inks', slice(0, 8)), ('digits not taught', slice(8, 16)),
                     ('clothes', slice(16, 24))):
        yield over_seeds('C11', f'after, {name}', [in_blocks(made[at]) for made,_ in runs], 'printed only')
    yield over_seeds('C11', 'blocks when not asked for: after', [in_blocks(x) for _,x in runs], 'at most 15 %', 0, .15)
    def subject(x): return adherence(x, asked)['subject']==1
    yield over_seeds('C11', 'subject right in the old prompts: before', [subject(plain_before)], 'printed only')
    yield over_seeds('C11', 'after', [subject(x) for _,x in runs], 'at least 70 %', .7)

# C13: what it costs

def costs(seconds):
    for name in ('DreamBooth', 'fine-tuning'):
        ratio = [other/own for own,other in zip(seconds['textual inversion'], seconds[name])]
        yield mean_over_seeds('C13', f'CPU seconds of {name}, of those of textual inversion', ratio, 'above 1', 1,
                              '3 trainings each')
