package io.captioner.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.captioner.image.format.ImageFormat;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;

/**
 * The one decoder of each format, named outright: neither the order of plug-ins on the class path nor a class loader
 * that cannot see them changes what a photo decodes to. Safe for many threads; the readers it makes are for one.
 */
final class ImageReaders {
    private final Map<ImageFormat, ImageReaderSpi> providers = new EnumMap<>(ImageFormat.class);

    ImageReaders() {
        providers.put(ImageFormat.JPEG, jpeg());
        providers.put(ImageFormat.PNG, fromJdk("png.PNGImageReaderSpi"));
        providers.put(ImageFormat.GIF, fromJdk("gif.GIFImageReaderSpi"));
        providers.put(ImageFormat.BMP, fromJdk("bmp.BMPImageReaderSpi"));
        providers.put(ImageFormat.WEBP, new WebPImageReaderSpi());
        providers.put(ImageFormat.TIFF, new TIFFImageReaderSpi());
    }

    ImageReader reader(ImageFormat format) throws IOException {
        return Objects.requireNonNull(providers.get(format)).createReaderInstance();
    }

    /** Its own registry: the plug-in looks up the JDK's decoder, which it corrects, where it is registered. */
    private static ImageReaderSpi jpeg() {
        JPEGImageReaderSpi jpeg = new JPEGImageReaderSpi();
        ServiceRegistry registry =
                new ServiceRegistry(List.<Class<?>>of(ImageReaderSpi.class).iterator());
        registry.registerServiceProvider(fromJdk("jpeg.JPEGImageReaderSpi"));
        registry.registerServiceProvider(jpeg);
        return jpeg;
    }

    private static ImageReaderSpi fromJdk(String name) {
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi provider = all.next();
            if (provider.getClass().getName().equals("com.sun.imageio.plugins." + name)) {
                return provider;
            }
        }
        throw new IllegalStateException("this Java has no " + name + ": run on a JDK or JRE with java.desktop");
    }
}
