package io.captioner.training.data.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names under which columns and JSON properties hold a photo's file, its captions and its split. Capitals, blanks
 * and signs do not count: {@code Image_Path} is {@code imagepath}. Of several that are there, the first in a list is
 * taken.
 */
final class FieldNames {
    private static final List<String> IMAGES = List.of(
            "image",
            "images",
            "filename",
            "imagefilename",
            "imagename",
            "imagefile",
            "imagepath",
            "filepath",
            "path",
            "file",
            "img",
            "imgname",
            "imgfile",
            "imgpath",
            "photo",
            "picture",
            "imageid",
            "imgid");

    private static final List<String> CAPTIONS =
            List.of("captions?", "texts?", "sentences?", "descriptions?", "comments?");

    private static final List<String> SPLITS = List.of("split", "set", "subset");

    private static final Pattern SIGNS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** The names, for messages. */
    static final String READ =
            "an image under 'image', 'file_name', 'path', 'img', 'photo' or 'image_id', and a caption under 'caption', 'text', 'sentence', 'description' or 'comment'";

    private FieldNames() {}

    /** Returns the name that holds the file of a photo. */
    static Optional<String> image(Collection<String> names) {
        return first(IMAGES, names);
    }

    /** Returns the name that holds a split. */
    static Optional<String> split(Collection<String> names) {
        return first(SPLITS, names);
    }

    /** Returns the names that hold captions, none or several: {@code caption_1}, {@code caption_2} and so on. */
    static List<String> captions(Collection<String> names) {
        for (String caption : CAPTIONS) {
            Pattern numbered = Pattern.compile(caption + "\\d*");
            List<String> found = new ArrayList<>();
            names.stream()
                    .filter(name -> numbered.matcher(plain(name)).matches())
                    .forEach(found::add);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static Optional<String> first(List<String> known, Collection<String> names) {
        return known.stream()
                .flatMap(plain -> names.stream().filter(name -> plain(name).equals(plain)))
                .findFirst();
    }

    private static String plain(String name) {
        return SIGNS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
