"Paint nbs/hero.png, the picture at the top of the README, with the shipped model"
from sdexplore.digits import caption, scenes
from sdexplore.images import write_png
from sdexplore.parts import load_parts
from sdexplore.sampling import txt2img
from PIL import Image

parts = load_parts('pocket')
some = [s for s in scenes('triples') if s.subject not in ('seven', 'one')][::12][:11]
special = ['an outlined pink dress on a black background', 'a thin white 3 on a green background', 'a large thick yellow 8 on a purple background', 'a cyan boot leaning right on a brown background']
images = txt2img(parts, ['a red handwritten seven on a blue background', *map(caption, some), *special], seed=1).images
pairs = ['a red seven left of a blue boot on a yellow background', 'a green bag and a white 3 on a black background', 'an orange 5 left of a black 2 on a cyan background', 'a white dress and a pink sneaker on a blue background']
sheet = Image.new('RGB', (8*64, 3*64))
for i, im in enumerate(images): sheet.paste(im, (i%8*64, i//8*64))
for i, im in enumerate(txt2img(parts, pairs, seed=1, width=128).images): sheet.paste(im, (i*128, 128))
write_png(sheet.resize((8*96, 3*96), Image.Resampling.NEAREST), 'nbs/hero.png')
