"""Draws the pictures beside it that Java cannot write: python draw.py (Pillow 12)."""
from PIL import Image, ImageCms

# Red, green / blue, white quarters, 32 x 24.
quarters = Image.new("RGB", (32, 24), "white")
quarters.paste((220, 30, 30), (0, 0, 16, 12))
quarters.paste((30, 160, 30), (16, 0, 32, 12))
quarters.paste((30, 30, 220), (0, 12, 16, 24))
clear = quarters.convert("RGBA")
clear.putalpha(Image.new("L", (32, 24), 255))
clear.paste((0, 0, 0, 0), (16, 12, 32, 24))
exif = Image.Exif()
exif[274] = 6
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

quarters.convert("CMYK").save("cmyk.jpg", quality=95)
quarters.save("progressive.jpg", quality=95, progressive=True)
quarters.save("profile.jpg", quality=95, icc_profile=profile)
quarters.save("lossy.webp", quality=95)
quarters.save("lossless.webp", lossless=True)
clear.save("alpha-lossy.webp", quality=95)
clear.save("alpha-lossless.webp", lossless=True)
quarters.save("turned.webp", lossless=True, exif=exif)
quarters.save("profile.webp", lossless=True, icc_profile=profile)
quarters.save("animated.webp", lossless=True, save_all=True, append_images=[Image.new("RGB", (32, 24))])
quarters.save("turned.png", exif=exif)
for method in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg"):
    quarters.save(method.removeprefix("tiff_") + ".tif", compression=None if method == "raw" else method)
quarters.save("turned.tif", tiffinfo={274: 6})
quarters.crop((4, 4, 28, 20)).save("animated.gif", save_all=True, append_images=[Image.new("RGB", (24, 16))])

# The pictures below are 32 x 24 too; tifffile 2026.3 with imagecodecs, and bytes put together by hand.
import io
import struct
import imagecodecs
import numpy as np
import tifffile

pixels = np.array(quarters)


def tiff(name, *pages, **options):
    with tifffile.TiffWriter(name, **options) as file:
        for page, tags in pages:
            file.write(page, metadata=None, **({"photometric": "rgb"} | tags))


small = np.full((6, 8, 3), 128, np.uint8)
fourth = np.dstack([pixels, np.zeros((24, 32), np.uint8)])
tiff("big.tif", (pixels, {"compression": "lzw", "tile": (16, 16)}), bigtiff=True)
tiff("big-endian.tif", (pixels, {}), bigtiff=True, byteorder=">")
tiff("thumbnail.tif", (small, {"subfiletype": 1, "subifds": 1}), (pixels, {"compression": "lzw"}))
tiff("unmarked.tif", (small, {}), (pixels, {"compression": "lzw"}), byteorder=">")
tiff("pages.tif", (pixels, {"compression": "lzw"}), (np.zeros_like(pixels), {"compression": "lzw"}))
tiff("unspecified.tif", (fourth, {"extrasamples": ["unspecified"], "compression": "lzw", "predictor": True}))
tiff("float.tif", ((pixels / 255).astype(np.float32), {"compression": "deflate"}))
tiff("bright.tif", (pixels.astype(np.float32), {"compression": "deflate"}))
tiff("signed.tif", ((pixels >> 1).astype(np.int8), {"compression": "lzw"}))
tiff("zstd.tif", (pixels, {"compression": "zstd"}))
tiff("lerc.tif", (pixels, {"compression": "lerc"}))
tiff("raw.nef", (small, {"subfiletype": 1, "subifds": 1, "extratags": [(271, 2, 0, "NIKON CORPORATION", True)]}),
     (np.zeros((24, 32), np.uint16), {"photometric": "cfa", "compression": "lzw"}))
tiff("raw.dng", (small, {"extratags": [(50706, 1, 4, (1, 4, 0, 0), True)]}))
# Display P3 with the curve of sRGB: the quarters' colours as they are stored in it.
p3_matrix = np.array([[0.8224622, 0.1775380, 0], [0.0331942, 0.9668058, 0], [0.0170826, 0.0723974, 0.9105199]])
linear = np.where(pixels / 255 <= 0.04045, pixels / 255 / 12.92, ((pixels / 255 + 0.055) / 1.055) ** 2.4) @ p3_matrix.T
p3 = Image.fromarray((np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055) * 255)
                     .round().astype(np.uint8))


def icc(space, *tags):
    """A version 2 display profile: tags of ("rXYZ", x, y, z) or ("rTRC", gamma)."""
    values = [(name.encode(), b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(n * 65536) for n in v)) if len(v) == 3
               else b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(v[0] * 256))) for name, *v in tags]
    table, body = struct.pack(">I", len(values)), b""
    for name, value in values:
        table += name + struct.pack(">II", 132 + 12 * len(values) + len(body), len(value))
        body += value
    head = struct.pack(">I4x", 128 + len(table) + len(body)) + b"\2\x20\0\0mntr" + space + b"XYZ " + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061) + bytes(48) + table + body


white = ("wtpt", 0.9642, 1, 0.8249)
curve = [(name, 2.2) for name in ("rTRC", "gTRC", "bTRC")]
p3_profile = icc(b"RGB ", white, ("rXYZ", 0.51512, 0.2412, -0.00105), ("gXYZ", 0.29198, 0.69225, 0.04189),
                 ("bXYZ", 0.1571, 0.06657, 0.78407), *curve)
grey_profile = icc(b"GRAY", white, ("kTRC", 1.0))
p3.save("p3.png", icc_profile=p3_profile)
p3.save("p3.jpg", icc_profile=p3_profile, quality=95, subsampling=0)
p3.save("p3.webp", icc_profile=p3_profile, lossless=True)
p3.save("p3.tif", icc_profile=p3_profile, compression="tiff_lzw")
p3.save("p3-jpeg.tif", icc_profile=p3_profile, compression="jpeg", quality=95)
grey = Image.new("L", (32, 24), 55)  # linear: 128 in sRGB
for name in ("linear-grey.png", "linear-grey.jpg", "linear-grey.tif"):
    grey.save(name, icc_profile=grey_profile)
for name, mode in (("twelve-bits.jpg", {"bitspersample": 12}),):
    open(name, "wb").write(imagecodecs.jpeg8_encode(pixels.astype(np.uint16) * 16, **mode))
open("jpeg-ls.jpg", "wb").write(imagecodecs.jpegls_encode(pixels))
