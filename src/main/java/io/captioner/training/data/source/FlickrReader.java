package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flickr8k's and Flickr30k's captions: {@code image#n<tab>caption} as in {@code Flickr8k.token.txt} and
 * {@code results_20130124.token}, or {@code image| n| caption} as in {@code results.csv}, whose header is passed over.
 */
final class FlickrReader implements CaptionFormat.Reader {
    private static final Pattern TAB = Pattern.compile("(.+)#\\d+\\t(.*)");
    private static final Pattern TAB_WITHOUT_CAPTION = Pattern.compile("(.+)#\\d+");
    private static final Pattern BARS = Pattern.compile("([^|]+?)\\s*\\|\\s*\\d+\\s*\\|(.*)");
    private static final Pattern HEADER = Pattern.compile("(?i)image(_name)?\\s*\\|.*");

    @Override
    public void read(Path file, CaptionEntry.Sink sink) throws IOException {
        CaptionRows rows = new CaptionRows();
        TextFiles.forEachLine(file, (number, line) -> {
            if (number > 1 || !HEADER.matcher(line).matches()) {
                take(TextFiles.where(file, number), line.strip(), rows, sink);
            }
        });
        rows.drainTo(sink);
    }

    private static void take(String where, String line, CaptionRows rows, CaptionEntry.Sink sink) {
        for (Pattern pattern : new Pattern[] {TAB, BARS}) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                rows.add(where, matcher.group(1), null, matcher.group(2).strip());
                return;
            }
        }
        Matcher bare = TAB_WITHOUT_CAPTION.matcher(line);
        if (bare.matches()) {
            rows.add(where, bare.group(1), null, "");
        } else {
            sink.unreadable(where, "neither 'image#number<tab>caption' nor 'image| number| caption'");
        }
    }
}
