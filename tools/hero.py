"Paint nbs/hero.png, the picture at the top of the README, with the shipped model"
from PIL import Image
from sdexplore.digits import caption, scenes
from sdexplore.images import write_png
from sdexplore.parts import load_parts
from sdexplore.sampling import txt2img

first = 'a red handwritten seven on a blue background'
held_out = [s for s in scenes('triples') if s.subject not in ('seven', 'one')][::12][:11]
special = [
    'an outlined pink dress on a black background',
    'a thin white 3 on a green background',
    'a large thick yellow 8 on a purple background',
    'a cyan boot leaning right on a brown background',
]
pairs = [
    'a red seven left of a blue boot on a yellow background',
    'a green bag and a white 3 on a black background',
    'an orange 5 left of a black 2 on a cyan background',
    'a white dress and a pink sneaker on a blue background',
]

def paste(sheet, images, width, top):
    "Put pictures side by side, 64 pixels high, in rows that fill the sheet"
    for i, image in enumerate(images):
        y, x = divmod(i*width, sheet.width)
        sheet.paste(image, (x, top+64*y))

parts = load_parts('pocket')
sheet = Image.new('RGB', (8*64, 3*64))
paste(sheet, txt2img(parts, [first, *map(caption, held_out), *special], seed=1).images, 64, 0)
paste(sheet, txt2img(parts, pairs, seed=1, width=128).images, 128, 128)
write_png(sheet.resize((8*96, 3*96), Image.Resampling.NEAREST), 'nbs/hero.png')
