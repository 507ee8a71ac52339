package io.captioner.image.format;

import io.captioner.image.format.UnreadableImageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names of contents that are sent as pictures and are not read: other image formats, documents, films, archives and
 * text, told apart by their first bytes. Looks at no more than {@value #HEAD} bytes.
 */
public final class ForeignContent {
    private static final int HEAD = 4096;
    private static final String READ = "Send a JPEG, PNG, GIF, BMP, WebP, TIFF, HEIC or AVIF picture.";
    private static final String EXPORT = "Export it as JPEG or PNG. " + READ;
    private static final String UNPACK = "Unpack it and send the pictures in it one by one. " + READ;
    private static final String FRAME = "Send a single frame of it as a picture. " + READ;
    private static final String VIDEO = "a video";
    private static final String AUDIO = "an audio file";
    private static final String RAW = "a camera's raw file (%s)";
    private static final String DECODE = "Decode it first, or send the bytes themselves. " + READ;

    /** A content whose bytes from {@code offset} on are those of {@code magic} in ISO 8859-1. */
    private record Signature(int offset, String magic, String name, String remedy) {
        static Signature picture(String magic, String name) {
            return new Signature(0, magic, name, EXPORT);
        }

        static Signature raw(int offset, String magic, String name) {
            return new Signature(offset, magic, RAW.formatted(name), EXPORT);
        }

        static Signature film(int offset, String magic) {
            return new Signature(offset, magic, VIDEO, FRAME);
        }

        static Signature other(String magic, String name) {
            return new Signature(0, magic, name, READ);
        }

        static Signature archive(String magic, String name) {
            return new Signature(0, magic, name, UNPACK);
        }
    }

    private static final List<Signature> SIGNATURES = List.of(
            Signature.raw(0, "IIRO", "Olympus ORF"),
            Signature.raw(0, "IIRS", "Olympus ORF"),
            Signature.raw(0, "MMOR", "Olympus ORF"),
            Signature.raw(0, "IIU\0", "Panasonic RW2"),
            Signature.raw(0, "FUJIFILMCCD-RAW", "Fujifilm RAF"),
            Signature.raw(0, "FOVb", "Sigma X3F"),
            Signature.raw(0, "\0MRM", "Minolta MRW"),
            Signature.raw(6, "HEAPCCDR", "Canon CRW"),
            Signature.picture("\u00ff\n", "a JPEG XL picture"),
            Signature.picture("\0\0\0\fJXL \r\n\u0087\n", "a JPEG XL picture"),
            Signature.picture("\u00ff\u004f\u00ff\u0051", "a JPEG 2000 picture"),
            Signature.picture("\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 picture"),
            Signature.picture("II\u00bc", "a JPEG XR picture"),
            Signature.picture("8BPS", "a Photoshop document (PSD)"),
            Signature.picture("gimp xcf", "a GIMP document (XCF)"),
            Signature.picture("%!PS", "a PostScript document (EPS)"),
            Signature.picture("\u00c5\u00d0\u00d3\u00c6", "a PostScript document (EPS)"),
            Signature.picture("AT&TFORM", "a DjVu document"),
            Signature.picture("icns", "an Apple icon (ICNS)"),
            new Signature(14, "BM", "an OS/2 bitmap array", EXPORT),
            Signature.picture("qoif", "a QOI picture"),
            Signature.picture("DDS ", "a DDS texture"),
            Signature.picture("v/1\1", "an OpenEXR picture"),
            Signature.picture("\u00abKTX", "a KTX texture"),
            Signature.picture("SDPX", "a DPX picture"),
            Signature.picture("XPDS", "a DPX picture"),
            Signature.picture("/* XPM */", "an X11 pixmap (XPM)"),
            Signature.picture("#?RADIANCE", "a Radiance HDR picture"),
            Signature.picture("#?RGBE", "a Radiance HDR picture"),
            Signature.picture("SIMPLE  =", "a FITS picture"),
            Signature.picture("FLIF", "a FLIF picture"),
            Signature.picture("BPG\u00fb", "a BPG picture"),
            Signature.picture("\u0059\u00a6\u006a\u0095", "a Sun raster picture"),
            Signature.picture("\u0001\u00da\u0001", "an SGI picture"),
            Signature.picture("\u0001\u00da\0", "an SGI picture"),
            Signature.picture("\u00d7\u00cd\u00c6\u009a", "a Windows metafile (WMF)"),
            new Signature(40, " EMF", "a Windows metafile (EMF)", EXPORT),
            new Signature(128, "DICM", "a DICOM picture", EXPORT),
            new Signature(0, "\u008aMNG", "an MNG animation", FRAME),
            Signature.picture("\u008bJNG", "a JNG picture"),
            Signature.film(8, "AVI "),
            Signature.film(0, "\u001aE\u00df\u00a3"),
            Signature.film(0, "FLV\1"),
            Signature.film(0, "\0\0\1\u00ba"),
            Signature.film(0, "\0\0\1\u00b3"),
            Signature.film(0, "\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011"),
            Signature.film(4, "moov"),
            Signature.film(4, "mdat"),
            Signature.film(4, "wide"),
            Signature.film(4, "free"),
            Signature.film(4, "skip"),
            Signature.film(4, "pnot"),
            Signature.film(0, "G@\0"),
            new Signature(8, "WAVE", AUDIO, READ),
            new Signature(8, "AIFF", AUDIO, READ),
            Signature.other("ID3", AUDIO),
            Signature.other("\u00ff\u00fb", AUDIO),
            Signature.other("\u00ff\u00f3", AUDIO),
            Signature.other("\u00ff\u00f2", AUDIO),
            Signature.other("\u00ff\u00f1", AUDIO),
            Signature.other("\u00ff\u00f9", AUDIO),
            Signature.other("OggS", "an Ogg file, audio or video"),
            Signature.other("fLaC", AUDIO),
            Signature.other("MThd", AUDIO),
            Signature.other("#!AMR", AUDIO),
            new Signature(
                    0,
                    "\u001f\u008b",
                    "gzip-compressed data",
                    "Unpack it, or say so with the header Content-Encoding: gzip. " + READ),
            Signature.archive("Rar!", "a RAR archive"),
            Signature.archive("7z\u00bc\u00af'\u001c", "a 7-Zip archive"),
            Signature.archive("\u00fd7zXZ\0", "xz-compressed data"),
            Signature.archive("BZh", "bzip2-compressed data"),
            Signature.archive("\u0028\u00b5\u002f\u00fd", "Zstandard-compressed data"),
            Signature.archive("\u0004\"\u004d\u0018", "LZ4-compressed data"),
            new Signature(257, "ustar", "a tar archive", UNPACK),
            Signature.picture("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "an Office document"),
            Signature.picture("{\\rtf", "an RTF document"),
            Signature.other("SQLite format 3\0", "an SQLite database"),
            Signature.other("\u0089HDF\r\n", "an HDF5 file"),
            Signature.other("\u0093NUMPY", "a NumPy array"),
            Signature.other("PAR1", "a Parquet file"),
            Signature.other("MZ", "a Windows program"),
            Signature.other("\u007fELF", "a Linux program"));

    private static final Pattern PORTABLE_MAP = Pattern.compile("P[1-7fF][\\s#].*", Pattern.DOTALL);
    private static final Pattern ICON = Pattern.compile("\0\0[\1\2]\0[^\0]\0.*", Pattern.DOTALL);
    private static final Pattern TARGA = Pattern.compile(
            ".(?:\1[\1\t]|\0[\2\3\n\u000b]).{9}(?!\0\0)..(?!\0\0)..[\b\u000f\u0010\u0018 ][\0-?].*", Pattern.DOTALL);
    /** A PNG or JPEG whose bytes were replaced, or coded once more, as those of a text. */
    private static final Pattern CHANGED = Pattern.compile(
            "(?:\u00ef\u00bf\u00bd|\u00c3\u00bf\u00c3\u0098|.{0,2}PNG\\s{1,3}.{1,2}\n|\u0089PNG|.{4,12}\0\u0010JFIF\0).*",
            Pattern.DOTALL);
    /** White space, zeros or a byte order mark, then a picture. */
    private static final Pattern BEHIND = Pattern.compile(
            "(?:[\\s\0]|\u00ef\u00bb\u00bf){1,64}(?:\u00ff\u00d8\u00ff|\u0089PNG\r\n|GIF8[79]a|RIFF....WEBP).*",
            Pattern.DOTALL);

    private static final Pattern BITMAP_OF_X11 = Pattern.compile("#define \\w+_width .*", Pattern.DOTALL);
    private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+.-]{1,15}://\\S.*", Pattern.DOTALL);
    private static final Pattern HEXADECIMAL = Pattern.compile("(?:0x)?[0-9a-f\\s]{32,}");
    private static final Pattern PAGE = Pattern.compile("<!doctype html|<html|<head|<body|<title|<h1|<p>");
    private static final Pattern BASE64 = Pattern.compile("\"?[A-Za-z0-9+/_-]{16,}={0,2}\"?");
    private static final int FIRST_LINE = 60;

    private ForeignContent() {}

    /** Returns the refusal of a content that is none of the formats read; names what it is as far as that is known. */
    public static UnreadableImageException refusal(byte[] content) {
        if (content.length == 0) {
            return notAnImage("The file is empty. Send a picture.");
        }
        String head = new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
        for (Signature signature : SIGNATURES) {
            if (head.startsWith(signature.magic, signature.offset)) {
                return refused(signature.name, signature.remedy);
            }
        }
        String start = (head.startsWith("\u00ef\u00bb\u00bf") ? head.substring(3) : head).strip();
        if (head.startsWith("PK")) {
            return zip(head);
        } else if (head.startsWith("ftyp", 4)) {
            return mediaFile(head);
        } else if (BEHIND.matcher(head).matches()) {
            return damaged("other bytes lie before it. Send the file without them.");
        } else if (CHANGED.matcher(head).matches()) {
            return damaged("its bytes were changed as if they were text. Send the original file in binary mode.");
        } else if (ICON.matcher(head).matches()) {
            return head.charAt(2) == 1
                    ? refused("a Windows icon (ICO)", EXPORT)
                    : refused("a Windows cursor (CUR)", EXPORT);
        } else if (head.startsWith("\n") && head.length() > 3 && head.charAt(1) < 6 && head.charAt(2) == 1) {
            return refused("a PCX picture", EXPORT);
        } else if (PORTABLE_MAP.matcher(head).matches()) {
            return refused("a portable map (PBM, PGM, PPM, PAM or PFM)", EXPORT);
        } else if (start.startsWith("%PDF")) {
            return refused("a PDF document", EXPORT);
        } else if (start.startsWith("--") && start.toLowerCase(Locale.ROOT).contains("content-disposition:")) {
            return refused("a multipart body", "Send it with the Content-Type that names its boundary. " + READ);
        } else if (head.startsWith("\u00ff\u00fe") || head.startsWith("\u00fe\u00ff")) {
            return refused("text (UTF-16)", READ);
        } else if (isText(head)) {
            return text(start);
        } else if (TARGA.matcher(head).matches()) {
            return refused("a Targa picture (TGA)", EXPORT);
        }
        return notAnImage("The file is not a picture that is read here. " + READ);
    }

    /** Returns the refusal of a camera's raw file of this name. */
    public static UnreadableImageException raw(String name) {
        return refused(RAW.formatted(name), EXPORT);
    }

    /** Returns the refusal of a whole picture that is stored in a coding that is not read, such as "a 12-bit JPEG". */
    public static UnreadableImageException coding(String name) {
        return refused(name, "Save it as an ordinary 8-bit JPEG or PNG. " + READ);
    }

    private static UnreadableImageException text(String text) {
        String lower = (text.startsWith("\"") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
        if (lower.startsWith("data:")) {
            return refused("a data URI", "Decode the base64 behind its comma and send these bytes. " + READ);
        } else if (lower.startsWith("version https://git-lfs")) {
            return refused("a Git LFS pointer", "Fetch the file itself with git lfs pull. " + READ);
        } else if (lower.startsWith("<")) {
            return markup(lower);
        } else if (URL.matcher(lower).matches()) {
            return refused("a URL", "Fetch it and send the bytes. " + READ);
        } else if (BITMAP_OF_X11.matcher(text).matches()) {
            return refused("an X11 bitmap (XBM)", EXPORT);
        } else if (HEXADECIMAL.matcher(lower).matches()) {
            return refused("hexadecimal text", DECODE);
        } else if (lower.startsWith("{") || lower.startsWith("[")) {
            return refused("JSON", READ);
        } else if (BASE64.matcher(text.replaceAll("\\s+", "")).matches()
                && text.lines().limit(2).noneMatch(line -> line.contains(" "))
                && (text.length() > FIRST_LINE || isCodedPicture(text))) {
            return refused("base64 text", DECODE);
        }
        return refused("plain text", READ);
    }

    /** Whether short text starts as base64 of a JPEG, PNG, GIF, WebP, TIFF or bitmap does. */
    private static boolean isCodedPicture(String text) {
        String start = text.startsWith("\"") ? text.substring(1) : text;
        return List.of("/9j", "_9j", "iVBOR", "R0lGOD", "UklGR", "SUkq", "TU0A", "Qk").stream()
                .anyMatch(start::startsWith);
    }

    private static UnreadableImageException markup(String lower) {
        int vector = lower.indexOf("<svg");
        var page = PAGE.matcher(lower);
        int html = page.find() ? page.start() : -1;
        if (vector >= 0 && (html < 0 || vector < html)) {
            return refused("an SVG drawing", EXPORT);
        } else if (html >= 0) {
            return refused("a web page (HTML)", "Open its address in a browser to see what it says. " + READ);
        }
        return refused(lower.startsWith("<?php") ? "text (PHP)" : "an XML document", READ);
    }

    private static UnreadableImageException zip(String head) {
        boolean office = head.contains("[Content_Types].xml")
                || head.contains("application/vnd.oasis")
                || head.contains("application/epub");
        return office ? refused("an Office document", EXPORT) : refused("a ZIP archive", UNPACK);
    }

    /** An ISO base media file (ISO/IEC 14496-12), by its major and compatible brands. */
    private static UnreadableImageException mediaFile(String head) {
        int end = Math.min(head.length(), Math.max(12, head.charAt(2) << 8 | head.charAt(3)));
        String brands = head.substring(Math.min(8, end), end);
        if (brands.startsWith("crx")) {
            return raw("Canon CR3");
        } else if (brands.contains("avif") || brands.contains("avis")) {
            return refused("an AVIF picture", EXPORT);
        } else if (brands.contains("hei") || brands.contains("hev") || brands.contains("mif1")) {
            return refused("a HEIC picture", EXPORT);
        }
        return brands.startsWith("M4A") || brands.startsWith("M4B") ? refused(AUDIO, READ) : refused(VIDEO, FRAME);
    }

    /** Whether no control character is in it but white space, and most bytes are ASCII or it is UTF-8. */
    private static boolean isText(String head) {
        boolean isPlain =
                head.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\n' || c == '\r' || c == '\t' || c == '\f');
        if (!isPlain || head.chars().filter(c -> c < 0x80).count() >= head.length() / 2.0) {
            return isPlain;
        }
        String decoded = new String(head.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        // The last character may be cut off.
        return decoded.indexOf('\ufffd') < 0 || decoded.indexOf('\ufffd') >= decoded.length() - 1;
    }

    private static UnreadableImageException damaged(String found) {
        return new UnreadableImageException(Reason.CORRUPT, "The picture cannot be decoded: " + found);
    }

    private static UnreadableImageException refused(String name, String remedy) {
        return notAnImage("The file is " + name + ", which is not read here. " + remedy);
    }

    private static UnreadableImageException notAnImage(String message) {
        return new UnreadableImageException(Reason.NOT_AN_IMAGE, message);
    }
}
