"""Draws the HEIC and AVIF files beside it: python draw_heif.py (Pillow 13, pillow-heif 1.8, heif-enc of libheif 1.15)."""
import struct
import subprocess
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

# Red, green / blue, white quarters, 64 x 48.
quarters = Image.new("RGB", (64, 48), "white")
quarters.paste((220, 30, 30), (0, 0, 32, 24))
quarters.paste((30, 160, 30), (32, 0, 64, 24))
quarters.paste((30, 30, 220), (0, 24, 32, 48))
clear = quarters.convert("RGBA")
clear.paste((0, 0, 0, 0), (32, 24, 64, 48))

quarters.save("still.heic", quality=90, chroma=444)
# The eight orientations, as rotation and mirroring in the file.
exif = Image.Exif()
for orientation in range(2, 9):
    exif[274] = orientation
    quarters.info["exif"] = exif.tobytes()
    quarters.save(f"turned-{orientation}.heic", quality=90, chroma=444)
del quarters.info["exif"]
clear.save("alpha.heic", quality=90, chroma=444)
# The same numbers, said to be of Display P3.
pillow_heif.from_pillow(quarters).save(
    "p3.heic", quality=95, chroma=444, color_primaries=12, transfer_characteristics=13, matrix_coefficients=6,
    full_range_flag=1, save_nclx_profile=True)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


deep = b"".join(
    b"\0" + b"".join(struct.pack(">HHH", *[257 * c for c in quarters.getpixel((x, y))]) for x in range(64))
    for y in range(48))
Path("deep.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 16, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(deep)) + chunk(b"IEND", b""))
clear.save("clear.png")
subprocess.run(["heif-enc", "-b", "10", "-q", "90", "deep.png", "-o", "ten-bits.heic"], check=True)
subprocess.run(["heif-enc", "-A", "-b", "12", "-q", "90", "deep.png", "-o", "twelve-bits.avif"], check=True)
subprocess.run(["heif-enc", "-A", "-q", "90", "clear.png", "-o", "alpha.avif"], check=True)
Path("deep.png").unlink()
Path("clear.png").unlink()


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def find(data, kind):
    """Returns the body of the first box of a kind, wherever it is."""
    at = data.index(kind)
    return data[at + 4:at - 4 + struct.unpack(">I", data[at - 4:at])[0]]


# As phones store it: four tiles that reach beyond a picture of 120 x 90, turned by irot, and EXIF that says so again.
tiles = []
for colour in ((220, 30, 30), (30, 160, 30), (30, 30, 220), (255, 255, 255)):
    Image.new("RGB", (64, 64), colour).save("tile.heic", quality=90, chroma=444)
    tile = Path("tile.heic").read_bytes()
    tiles.append((find(tile, b"hvcC"), find(tile, b"mdat")))
Path("tile.heic").unlink()
grid = struct.pack(">BBBBHH", 0, 0, 1, 1, 120, 90)
orientation_6 = b"\0\0\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
kinds = [b"hvc1"] * 4 + [b"grid", b"Exif"]
payloads = [data for _, data in tiles] + [grid, orientation_6]
ftyp = box(b"ftyp", b"heic\0\0\0\0mif1heic")
infes = [box(b"infe", struct.pack(">IHH", 2 << 24, i + 1, 0), kind, b"\0") for i, kind in enumerate(kinds)]
ipco = box(
    b"ipco", *[box(b"hvcC", config) for config, _ in tiles], box(b"ispe", struct.pack(">III", 0, 64, 64)),
    box(b"ispe", struct.pack(">III", 0, 120, 90)), box(b"irot", b"\3"))
links = [struct.pack(">HBBB", i + 1, 2, 0x80 | i + 1, 5) for i in range(4)] + [struct.pack(">HBBB", 5, 2, 6, 0x87)]


def meta(first):
    places = b""
    for i, payload in enumerate(payloads):
        places += struct.pack(">HHHII", i + 1, 0, 1, first, len(payload))
        first += len(payload)
    return box(
        b"meta", struct.pack(">I", 0), box(b"hdlr", bytes(8), b"pict", bytes(13)), box(b"pitm", struct.pack(">IH", 0, 5)),
        box(b"iinf", struct.pack(">IH", 0, 6), *infes),
        box(b"iref", struct.pack(">I", 0), box(b"dimg", struct.pack(">HHHHHH", 5, 4, 1, 2, 3, 4)),
            box(b"cdsc", struct.pack(">HHH", 6, 1, 5))),
        box(b"iprp", ipco, box(b"ipma", struct.pack(">II", 0, 5), *links)),
        box(b"iloc", struct.pack(">IHH", 0, 0x4400, 6), places))


Path("tiles.heic").write_bytes(ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", *payloads))
