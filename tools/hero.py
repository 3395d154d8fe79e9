"""Paint nbs/hero.png, the picture at the top of the README

Above: emoji, each from that seed of the first eight whose picture the judge is surest about. Below: digits and clothes,
the first row held out of training, all from seed 1."""
import torch
from PIL import Image
from sdexplore.digits import caption, scenes
from sdexplore.emoji import Emoji, emoji_world
from sdexplore.images import to_tensor, write_png
from sdexplore.metrics import judge_parts, load_judge
from sdexplore.parts import load_parts
from sdexplore.sampling import txt2img

emoji = [
    Emoji('penguin', 'flat', background='yellow'), Emoji('fox', 'shaded', background='green'),
    Emoji('rocket', 'line drawing', 'red', 'white', 'large'), Emoji('burger', 'simple', background='blue'),
    Emoji('octopus', 'outlined', background='pink'), Emoji('avocado', 'flat', background='cyan'),
    Emoji('dragon', 'icon', 'purple', 'yellow'), Emoji('ghost', 'simple', background='black'),
    Emoji('guitar', 'shaded', background='white'), Emoji('panda', 'outlined', background='orange'),
    Emoji('pumpkin', 'flat', background='purple'), Emoji('unicorn', 'line drawing', 'white', 'blue', 'large'),
    Emoji('pizza', 'shaded', background='green'), Emoji('owl', 'icon', 'orange', 'black'),
    Emoji('strawberry', 'simple', background='grey'), Emoji('robot', 'outlined', background='cyan'),
]
names = 'four', 'dress', 'eight', 'boot', 'two', 'bag', 'nine'
def held_out(i, name):
    "Of a name's scenes that were never trained on, always another"
    its_own = [s for s in scenes('triples') if s.subject==name]
    return its_own[5*i%len(its_own)]

pairs = ['a red seven left of a blue boot on a yellow background', 'a green bag and a white 3 on a black background',
         'an orange 5 left of a black 2 on a cyan background', 'a white dress and a pink sneaker on a blue background']

def surest(parts, scene, seeds=8):
    "Of pictures from several seeds the one that shows the thing and the style most surely"
    images = txt2img(parts, emoji_world.caption(scene), seed=list(range(seeds)), progress=False).images
    seen = judge_parts(to_tensor(images), load_judge(emoji_world), forced=False)
    def certain(part):
        names, confidence = seen[part]
        return confidence*torch.tensor([name==getattr(scene, part) for name in names])
    return images[int((certain('subject')*certain('style')).argmax())]

def paste(sheet, images, width, top):
    "Put pictures side by side, 64 pixels high, in rows that fill the sheet"
    for i, image in enumerate(images):
        y, x = divmod(i*width, sheet.width)
        sheet.paste(image, (x, top+64*y))

painter, pocket = load_parts('emoji'), load_parts('pocket')
sheet = Image.new('RGB', (8*64, 4*64))
paste(sheet, [surest(painter, scene) for scene in emoji], 64, 0)
first = 'a red handwritten seven on a blue background'
captions = [first, *(caption(held_out(i, name)) for i,name in enumerate(names))]
paste(sheet, txt2img(pocket, captions, seed=1, progress=False).images, 64, 128)
paste(sheet, txt2img(pocket, pairs, seed=1, width=128, progress=False).images, 128, 192)
write_png(sheet.resize((8*96, 4*96), Image.Resampling.NEAREST), 'nbs/hero.png')
