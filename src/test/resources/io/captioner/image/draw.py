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
