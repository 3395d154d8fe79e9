"""Rebuild the emoji drawings from the packages they come from: python tools/drawings.py; with --check only compare them

sdexplore/data/drawings/emoji.json, kept by hand, says which emoji and in which order; the sheets are made from it.
Downloads go to runs/drawings. It needs npm, apt-get and dpkg-deb, and two libraries that are for this alone:
pip install resvg_py==0.5.0 fonttools==4.68.0
"""
import argparse, hashlib, io, json, subprocess, sys, tarfile
from functools import cache
from pathlib import Path
import numpy as np
from PIL import Image
try:
    from fontTools.ttLib import TTFont
    from resvg_py import svg_to_bytes # the Linux wheel's sha256 begins with 84f2378ecc7a8e38
except ImportError as e: sys.exit(f'{e}: pip install resvg_py==0.5.0 fonttools==4.68.0 brings what draws the emoji')

root = Path(__file__).resolve().parents[1]
home, downloads = root/'sdexplore/data/drawings', root/'runs/drawings'
side, fitted, columns, in_world = 64, 54, 20, 100

packages = { # as npm or apt-get knows them: the file that comes, and its sha256
    '@twemoji/svg@15.0.0': ('twemoji-svg-15.0.0.tgz',
        '1d2907557a422c7c4e3feca50ef915c39da1db3d76b4a4d7e73fb59bce4403c3'),
    'openmoji@17.0.0': ('openmoji-17.0.0.tgz', '55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68'),
    'fluentui-emoji@1.3.0': ('fluentui-emoji-1.3.0.tgz',
        'ec892e607e854859b812c7d827801756adc19955b0ef56d4ae8afcddd19492c5'),
    'emojibase-data@17.0.0': ('emojibase-data-17.0.0.tgz',
        'd01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a'),
    'fonts-noto-color-emoji=2.042-0+deb12u1': ('fonts-noto-color-emoji_2.042-0+deb12u1_all.deb',
        'a5ab0f69c7938423862320d9aca5dd187b3fd879d6a9a57dd52e17c3fa8d2751'),
}
vectors = { # the styles drawn as SVG: their package, and where it keeps an emoji, by code point or by name
    'twemoji': ('@twemoji/svg@15.0.0', 'package/{code}.svg'),
    'openmoji': ('openmoji@17.0.0', 'package/color/svg/{CODE}.svg'),
    'lineart': ('openmoji@17.0.0', 'package/black/svg/{CODE}.svg'),
    'fluent': ('fluentui-emoji@1.3.0', 'package/icons/flat/{name}.svg'),
    'contrast': ('fluentui-emoji@1.3.0', 'package/icons/high-contrast/{name}.svg'),
    'modern': ('fluentui-emoji@1.3.0', 'package/icons/modern/{name}.svg'),
}
styles = ('noto', *vectors)

# Packages

def run(*command):
    "What a command prints; where it fails, the script ends with the command's own words"
    try: return subprocess.run(command, cwd=downloads, check=True, capture_output=True).stdout
    except FileNotFoundError: sys.exit(f'{command[0]} is not here: the drawings come from npm and from Debian')
    except subprocess.CalledProcessError as e:
        sys.exit(f'`{" ".join(command)}` failed: {e.stderr.decode(errors="replace").strip()[:300]}')

def archive(package):
    "The file of a package: downloaded once, and the very one that the sheets were made from"
    name, sha256 = packages[package]
    file = downloads/name
    client = ('npm', 'pack', '--loglevel=error') if file.suffix=='.tgz' else ('apt-get', 'download')
    if not file.exists(): run(*client, package)
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found!=sha256: sys.exit(f'{file} has the sha256 {found}, not {sha256}: delete it and run this again')
    return file

def contents(package, folder):
    "The files that a package has in a folder, by path"
    file = archive(package)
    data = file.read_bytes() if file.suffix=='.tgz' else run('dpkg-deb', '--fsys-tarfile', file.name)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile() and m.name.startswith(folder)}

# Pictures

def bitmaps(codes):
    "Noto's drawings: a colour font's bitmaps, 136x128"
    [data] = contents('fonts-noto-color-emoji=2.042-0+deb12u1', './usr/share/fonts').values()
    font = TTFont(io.BytesIO(data))
    glyphs, names = font['CBDT'].strikeData[0], font.getBestCmap()
    return [Image.open(io.BytesIO(glyphs[names[int(code, 16)]].imageData)).convert('RGBA') for code in codes]

@cache
def labels():
    "What emojibase calls each code point, written as Fluent writes its files"
    entries = json.loads(contents('emojibase-data@17.0.0', 'package/en')['package/en/data.json'])
    return {e['hexcode']: e['label'].lower().replace(' ', '-') for e in entries}

def render(svg):
    "An SVG as a picture, 160x160"
    png = svg_to_bytes(svg_string=svg.decode(), width=160, height=160, skip_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert('RGBA')

def renderings(style, codes):
    "A style's drawings; of those that Fluent has in several skin tones, its default"
    package, path = vectors[style]
    files = contents(package, path.split('{')[0])
    for code in codes:
        paths = [path.format(CODE=code, code=code.lower(), name=labels()[code]+end) for end in ('', '-default')]
        found = [p for p in paths if p in files]
        if not found: sys.exit(f'{package} has no {" or ".join(paths)}: take {code} out of emoji.json')
        yield render(files[found[0]])

# Sheets

def ink(image):
    "The part of a picture where something shows: blurred shadows fade out below an opacity of 9 in 255"
    return image.crop(image.getchannel('A').point(lambda opacity: 255*(opacity>8)).getbbox())

def fit(image):
    "Scale a picture to 54 pixels; colours count by their opacity, so that unseen ones do not bleed in"
    scale = fitted/max(image.size)
    size = [round(n*scale) for n in image.size]
    pixels = np.asarray(image, np.float32)/255
    pixels[..., :3] *= pixels[..., 3:]
    channels = [Image.fromarray(c).resize(size, Image.Resampling.LANCZOS) for c in pixels.transpose(2, 0, 1).copy()]
    pixels = np.stack(channels, -1)
    opacity = pixels[..., 3:].clip(0, 1)
    colour = np.where(opacity>1/255, pixels[..., :3]/opacity.clip(1/255), 0).clip(0, 1)
    return Image.fromarray((np.concatenate([colour, opacity], -1)*255).round().astype(np.uint8))

def pack(pictures):
    "One sheet of all pictures, each in the middle of its square"
    sheet = Image.new('RGBA', (columns*side, -(-len(pictures)//columns)*side))
    for i,picture in enumerate(pictures):
        y, x = divmod(i, columns)
        sheet.paste(picture, (x*side+(side-picture.width)//2, y*side+(side-picture.height)//2))
    return sheet

def make(style, codes):
    "A style's sheet, from its package; modern, which no model is trained on, has the world's drawings alone"
    if style=='modern': codes = codes[:in_world]
    pictures = bitmaps(codes) if style=='noto' else renderings(style, codes)
    return pack([fit(ink(p)) for p in pictures])

# Comparison

def shown(sheet):
    "A sheet's pixels; where nothing shows, WebP keeps any colour, so black stands for all"
    pixels = np.array(sheet.convert('RGBA'))
    pixels[pixels[..., 3]==0] = 0
    return pixels

def sha256(pixels): return hashlib.sha256(pixels.tobytes()).hexdigest()

def difference(ours, theirs):
    "How far two sheets are apart, in words"
    if ours.shape!=theirs.shape: return f'it has (rows, columns) {theirs.shape[:2]}, rebuilt {ours.shape[:2]}'
    error = ((ours.astype(float)-theirs)**2).mean()
    return f'{(ours!=theirs).any(-1).sum()} pixels, {10*np.log10(255**2/error):.1f} dB'

def compare(style, sheet):
    "Print whether the package's sheet is the one rebuilt; return whether it is"
    file = home/f'{style}.webp'
    ours = shown(sheet)
    theirs = shown(Image.open(file)) if file.exists() else None
    equal = theirs is not None and sha256(ours)==sha256(theirs)
    verdict = 'equal' if equal else 'missing' if theirs is None else f'DIFFERS: {difference(ours, theirs)}'
    print(f'{style:>9} {sha256(ours)[:16]} {verdict}', flush=True)
    return equal

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--check', action='store_true', help='write nothing; exit code 1 where a sheet differs')
    check = parser.parse_args().check
    downloads.mkdir(parents=True, exist_ok=True)
    codes = [e['hex'] for e in json.loads((home/'emoji.json').read_text(encoding='utf-8'))]
    sheets = ((style, make(style, codes)) for style in styles)
    changed = {style: sheet for style, sheet in sheets if not compare(style, sheet)}
    if check: return bool(changed)
    for style, sheet in changed.items():
        sheet.save(home/f'{style}.webp', lossless=True, quality=100, method=6)
        print(f'{style}.webp written')

if __name__=='__main__': sys.exit(main())
