package io.captioner.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one way from a caption to its words and back: Penn Treebank conventions, lower case, no punctuation. Training and
 * scoring both use it, so the words a model learns are the words it is scored on.
 *
 * <p>{@link #words} gives for ordinary captions what coco-caption's {@code PTBTokenizer -preserveLines -lowerCase}
 * gives once its seventeen punctuation tokens are dropped: {@code don't} is {@code do n't}, {@code man's} is {@code man
 * 's}, {@code tri-colored} stays whole, brackets become {@code -lrb-} and {@code -rrb-}. It is written from that tool's
 * observable behaviour. Web addresses, telephone numbers, smileys and most currencies are outside what it imitates.
 * Stateless.
 */
public final class CaptionTokenizer {
    private static final String APOSTROPHE = "['\u2019]";
    private static final String WORD_ENDS = "(?![\\p{L}\\p{N}])";
    private static final String LETTERS = "[\\p{L}\\p{M}\\p{N}]+";

    /** Written with their full stop in any case; the stop belongs to the word. */
    private static final String ABBREVIATIONS =
            "adm|al|ala|apr|ariz|assn|atty|aug|ave|bldg|blvd|brig|bros|calif|capt|cf"
                    + "|cmdr|col|colo|conn|co|corp|cpl|ct|dec|dept|det|dr|drs|elec|esq|est|etc|ext|feb|fla|fri|ft|ga|gen|gov|hon"
                    + "|inc|ind|insp|intl|jan|jr|jul|jun|kan|kans|ky|lt|ltd|maj|mar|md|messrs|mfg|mich|minn|mme|mo|mon|mont|mr"
                    + "|mrs|ms|mt|natl|neb|nev|nov|oct|okla|penn|pfc|ph|plc|pres|prof|pvt|rd|rep|rev|sen|sep|sept|sgt|spc|sq|sr"
                    + "|ste|st|supt|tel|tenn|thurs|thu|tues|tue|univ|va|vs|vt|wed|wis|wyo";

    private static final String CAPITALISED_ABBREVIATIONS = "Ark|Del|Ill|La|Mass|Miss|Ore|Pa|Tex|Wash";

    private static final String ABBREVIATIONS_BEFORE_NUMBERS = "art|ca|figs?|nos?|pp|prop";

    /** Alternatives in falling priority: the first that matches at a place is the token. */
    private static final Pattern TOKEN = Pattern.compile(String.join(
            "|",
            // Most words are letters between blanks; none of the costlier alternatives would take them apart.
            "(?!(?i:cannot|gonna|gotta|lemme|gimme|wanna)\\b)[A-Za-z]++(?:-[A-Za-z]++)*+(?=\\s|$)",
            "[.,](?=\\s|$)",
            "(?i:-[lr][rsc]b-)",
            "(?:https?://|www\\.)[^\\s\"<>()]*[^\\s\"<>().,;!?]",
            "[\\w.+-]+@\\w[\\w-]*(?:\\.\\w[\\w-]*)*",
            "</?[A-Za-z][^<>\\s]*>",
            "(?i:can(?=not#)|gon(?=na#)|got(?=ta#)|lem(?=me#)|gim(?=me#)|wan(?=na#))".replace("#", WORD_ENDS),
            "(?i:'t(?=(?:is|was)#))".replace("#", WORD_ENDS),
            "(?i:A(?:s|m|d|ll|re|ve)#|nAt#)".replace("A", APOSTROPHE).replace("#", WORD_ENDS),
            "(?i:A(?:em|til|cause)#|AnA|An#|A\\d0s)".replace("A", APOSTROPHE).replace("#", WORD_ENDS),
            "(?i:\\p{L}+(?=nAt#))".replace("A", APOSTROPHE).replace("#", WORD_ENDS),
            "(?i:olA#|yA(?=\\p{L}))".replace("A", APOSTROPHE).replace("#", WORD_ENDS),
            "(?i:(?:[dl]A\\p{L}{2,}|oA\\p{L}{2,}|(?:ma|you|c|qu|ne|e|s)A(?:am|all|mon|est|il|er|mores))#)"
                    .replace("A", APOSTROPHE)
                    .replace("#", WORD_ENDS),
            "(?i:ph\\.d\\.|(?:\\p{L}\\.)+(?!\\p{L}))",
            "(?=\\p{L}+\\.)(?i:(?:" + ABBREVIATIONS + ")\\.)",
            "(?:" + CAPITALISED_ABBREVIATIONS + ")\\.",
            "(?i:(?:" + ABBREVIATIONS_BEFORE_NUMBERS + ")\\.(?=\\s*\\d))",
            "\\p{Lu}+(?:&\\p{Lu}+)+",
            "(?:(?<!\\S)[-+])?(?:\\d+(?:[.,:/]\\d+)+|\\.\\d+)(?:-" + LETTERS + ")*",
            "(?<!\\S)[-+]\\d+" + WORD_ENDS,
            LETTERS + "(?:[-_]" + LETTERS + "|(?<=\\p{L})[./](?=\\p{L})" + LETTERS + ")*",
            "#\\p{L}[\\p{L}\\p{N}_]*",
            "@\\w+",
            "[?!]{2,}",
            "\\S"));

    private static final String DROPPED =
            ".?!,:;-'\"`\u2019\u2018\u201c\u201d\u00ab\u00bb\u2039\u203a\u2026\u2013\u2014";

    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("(", "-lrb-"),
            Map.entry(")", "-rrb-"),
            Map.entry("[", "-lsb-"),
            Map.entry("]", "-rsb-"),
            Map.entry("{", "-lcb-"),
            Map.entry("}", "-rcb-"),
            Map.entry("\u00bd", "1/2"),
            Map.entry("\u00bc", "1/4"),
            Map.entry("\u00be", "3/4"),
            Map.entry("\u00a3", "#"),
            Map.entry("\u20ac", "$"),
            Map.entry("\u00a2", "cents"));

    private static final Map<String, String> WRITTEN =
            Map.of("-lrb-", "(", "-rrb-", ")", "-lsb-", "[", "-rsb-", "]", "-lcb-", "{", "-rcb-", "}");

    private static final Set<String> JOINED_TO_THE_LEFT = Set.of(
            "n't", "'s", "'m", "'d", "'ll", "'re", "'ve", "%", ")", "]", "}", ".", ",", "!", "?", ";", ":", "''");

    private static final Set<String> JOINED_TO_THE_RIGHT = Set.of("$", "#", "(", "[", "{", "y'", "'t", "``");

    /** Quotation marks as the Penn Treebank writes them. */
    private static final Set<String> QUOTES = Set.of("``", "''");

    private static final Set<String> SPLIT_WORDS = Set.of("gon na", "got ta", "lem me", "gim me", "wan na");

    private CaptionTokenizer() {}

    /** Returns the words of a caption in their order, lower-cased, without punctuation; none for a blank caption. */
    public static List<String> words(String caption) {
        String text = unescaped(caption);
        List<String> words = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String found = token.group();
            String word = RENAMED.getOrDefault(found, found);
            if (!isDropped(word)) {
                words.add(word.replace('\u2019', '\'').toLowerCase(Locale.ROOT));
            }
        }
        return List.copyOf(words);
    }

    /**
     * Writes words as a caption for people: a plain lower-case line, in which contractions, possessives, brackets and
     * punctuation stand against their neighbours again. Words in Chinese characters and Japanese kana have no spaces
     * around them.
     */
    public static String sentence(List<String> words) {
        StringBuilder sentence = new StringBuilder();
        String previous = "";
        for (String word : words) {
            String written = WRITTEN.getOrDefault(word, word);
            boolean joined = JOINED_TO_THE_LEFT.contains(written)
                    || JOINED_TO_THE_RIGHT.contains(previous)
                    || SPLIT_WORDS.contains(previous + " " + written)
                    || !previous.isEmpty()
                            && (isUnspaced(previous.codePointBefore(previous.length()))
                                    || isUnspaced(written.codePointAt(0)));
            if (!joined && !sentence.isEmpty()) {
                sentence.append(' ');
            }
            sentence.append(QUOTES.contains(written) ? "\"" : written);
            previous = written;
        }
        return sentence.toString();
    }

    /** Whether a character is of a script that puts no spaces between words. */
    private static boolean isUnspaced(int character) {
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA -> true;
            default -> character >= 0x3001 && character <= 0x303f || character >= 0xff01 && character <= 0xff0f;
        };
    }

    private static String unescaped(String caption) {
        return caption.replace("\u00ad", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private static boolean isDropped(String token) {
        int first = token.codePointAt(0);
        if (Character.charCount(first) == token.length()) {
            return DROPPED.indexOf(first) >= 0
                    || Character.isSurrogate(token.charAt(0)) && !Character.isLetterOrDigit(first);
        }
        return false;
    }
}
