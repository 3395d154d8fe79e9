"Paint nbs/hero.png, the picture at the top of the README, with the shipped model"
from sdexplore.digits import caption, scenes
from sdexplore.images import write_png
from sdexplore.parts import load_parts
from sdexplore.sampling import txt2img
from PIL import Image

some = [s for s in scenes('triples') if s.subject not in ('seven', 'one')][::5][:14]
images = txt2img(load_parts('pocket'), ['a red handwritten seven on a blue background', *map(caption, some), 'a white sneaker on a purple background'], seed=1).images
sheet = Image.new('RGB', (8*64, 2*64))
for i, im in enumerate(images): sheet.paste(im, (i%8*64, i//8*64))
write_png(sheet.resize((8*96, 2*96), Image.Resampling.NEAREST), 'nbs/hero.png')
