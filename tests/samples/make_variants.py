"""Makes the variants of the sample photographs: orientations, sizes, formats, colour profiles, damage and bombs.

Reads china.jpg and flower.jpg in the folder given, writes beside them. Called by `fetch`.
"""

import io
import os
import struct
import sys
import zipfile
import zlib

from PIL import Image, ImageChops, ImageDraw

LINYI = (35.0518, 118.3478)
TAKEN = "2026:11:20 18:45:30"
TAIL = b"SHOUFA-TAIL-MARK"

arguments = [a for a in sys.argv[1:] if a != "--large"]
large = "--large" in sys.argv
folder = arguments[0]


def path(name):
    return os.path.join(folder, name)


def degrees(value):
    whole = int(value)
    minutes = int((value - whole) * 60)
    seconds = (value - whole - minutes / 60) * 3600
    return (float(whole), float(minutes), round(seconds, 4))


def exif(orientation=1, gps=LINYI, offset="+08:00", taken=TAKEN):
    block = Image.Exif()
    block[0x010F] = "Sample Phone Maker"
    block[0x0112] = orientation
    inner = block.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    if gps:
        place = block.get_ifd(0x8825)
        place[1] = "N" if gps[0] >= 0 else "S"
        place[2] = degrees(abs(gps[0]))
        place[3] = "E" if gps[1] >= 0 else "W"
        place[4] = degrees(abs(gps[1]))
    return block.tobytes()


def save(picture, name, **options):
    picture.save(path(name), **options)


def data(name):
    with open(path(name), "rb") as file:
        return file.read()


def put(name, content):
    with open(path(name), "wb") as file:
        file.write(content)


def phone_picture(width, height, source):
    """A phone-sized picture: a real photograph enlarged, with sensor-like noise so that it compresses as one."""
    picture = source.resize((width, height), Image.LANCZOS)
    noise = Image.effect_noise((width, height), 14)
    return ImageChops.add(picture, Image.merge("RGB", [noise, noise, noise]), 1, -128)


china = Image.open(path("china.jpg")).convert("RGB")
flower = Image.open(path("flower.jpg")).convert("RGB")

# The eight ways to hold a camera. Each file shows the same picture once turned as its tag says.
stored_as = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
for number, way in stored_as.items():
    turned = china if way is None else china.transpose(way)
    save(turned, f"orientation-{number}.jpg", quality=95, exif=exif(number))
save(china.transpose(Image.Transpose.ROTATE_90), "orientation-6.png", exif=exif(6))
save(china.transpose(Image.Transpose.ROTATE_90), "orientation-6.webp", quality=90, exif=exif(6))

save(china, "linyi.jpg", quality=90, exif=exif())
save(china, "linyi-no-zone.jpg", quality=90, exif=exif(offset=None))
save(china, "null-island.jpg", quality=90, exif=exif(gps=(0.0, 0.0), taken="0000:00:00 00:00:00"))
save(china, "progressive.jpg", quality=90, progressive=True, exif=exif())
save(china, "photo.png", exif=exif())
save(china, "photo.webp", quality=85, exif=exif())
save(china.convert("L"), "grey.jpg", quality=90)
save(china.convert("CMYK"), "cmyk.jpg", quality=90)
save(china.resize((200, 133)), "small.jpg", quality=90)
save(Image.effect_noise((2100, 2100), 60).convert("I;16").point(lambda v: v * 200), "grey16.png")
half_clear = china.convert("RGBA")
ImageDraw.Draw(half_clear).rectangle((0, 0, 319, 427), fill=(0, 0, 0, 0))
save(half_clear, "half-clear.png")

# Display P3, written by hand: the D50 primaries and the sRGB curve.
def fixed(*numbers):
    return b"".join(struct.pack(">i", round(n * 65536)) for n in numbers)


def display_p3():
    text = "Display P3".encode("utf-16-be")
    name = b"mluc\0\0\0\0" + struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(text), 28) + text
    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    xyz = lambda *numbers: b"XYZ \0\0\0\0" + fixed(*numbers)
    tags = {
        b"desc": name, b"cprt": name, b"wtpt": xyz(0.96420, 1.0, 0.82491),
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105), b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += tag + struct.pack(">II", offset + len(body), len(content))
        body += content
    header = struct.pack(">I4sI4s4s4s", 0, b"none", 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28 + fixed(0.96420, 1.0, 0.82491)
    header += b"\0" * (128 - len(header))
    profile = header + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(profile)) + profile[4:]


# This P3 red is sRGB's purest red: dropped, the profile would leave it pale.
save(Image.new("RGB", (400, 300), (234, 51, 35)), "display-p3.jpg", quality=95, icc_profile=display_p3(), subsampling=0)

twelve = phone_picture(4032, 3024, china)
save(twelve, "phone-12mp.jpg", quality=80, exif=exif(6))
if large:
    save(twelve, "phone-12mp-progressive.jpg", quality=80, progressive=True, exif=exif(6))
    save(phone_picture(8064, 6048, flower), "phone-48mp.jpg", quality=70, exif=exif(6))
    save(phone_picture(4624, 3468, flower), "phone-16mp.jpg", quality=80, exif=exif(6))

# Damage.
for name in ("linyi.jpg", "photo.png", "photo.webp", "progressive.jpg"):
    whole = data(name)
    stem, ending = name.split(".")
    put(f"{stem}-truncated.{ending}", whole[: len(whole) * 6 // 10])
flipped = bytearray(data("photo.png"))
flipped[len(flipped) // 2] ^= 0xFF
put("photo-damaged.png", bytes(flipped))

# Pictures with something behind their end.
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
    file.writestr("page.html", TAIL * 40)
for name in ("linyi.jpg", "photo.png", "photo.webp"):
    stem, ending = name.split(".")
    put(f"{stem}-polyglot.{ending}", data(name) + archive.getvalue())

# Bombs.
def png(width, height, pixels, depth=8, colour=0):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
            + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def flat(width, height):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b"\0" * (width + 1)) for _ in range(height)) + packer.flush()


put("bomb-12000.png", png(12000, 12000, flat(12000, 12000)))
put("bomb-4800.png", png(4800, 4800, flat(4800, 4800)))
put("bomb-header.png", png(60000, 60000, b""))


def claims(content, width, height):
    content = bytearray(content)
    at = 2
    while content[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", content[at + 2:at + 4])[0]
    content[at + 5:at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


put("bomb-65535.jpg", claims(data("small.jpg"), 65535, 65535))
put("bomb-claims-8000.jpg", claims(data("small.jpg"), 8000, 8000))
progressive = data("progressive.jpg")
last = progressive.rindex(b"\xff\xda")
put("bomb-scans.jpg", progressive[:-2] + progressive[last:-2] * 200 + b"\xff\xd9")

# Not pictures, whatever their name says.
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'
put("drawing.svg", svg.encode())
put("drawing-named.jpg", ('<?xml version="1.0"?>' + svg).encode())
put("page-named.png", b"<!doctype html><script>alert(1)</script>")
save(china.resize((64, 43)), "animation-named.gif")
put("phone.heic", struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + b"\0" * 400)
put("empty.jpg", b"")
