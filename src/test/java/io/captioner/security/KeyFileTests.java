package io.captioner.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.security.Client.Limits;
import io.captioner.security.KeyFile.BrokenKeyFileException;
import io.captioner.security.KeyFile.KeyHashes;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTests {
    private static final Limits LIMITS = new Limits(50, 100, 64);
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";

    @Test
    void aLineIsANameAHashAndPerhapsLimits() throws Exception {
        KeyHashes keys = parse("""
                # the clients
                shop   %s
                batch\t%s burst=7 concurrent=3 requests-per-second=0.5   # at night
                """.formatted(hash(KEY), hash(OTHER)));

        assertThat(keys.size()).isEqualTo(2);
        assertThat(keys.find(KEY)).isEqualTo(new Client("shop", "shop", LIMITS));
        assertThat(keys.find(OTHER)).isEqualTo(new Client("batch", "batch", new Limits(0.5, 7, 3)));
        assertThat(keys.find(KEY + "0")).isNull();
        assertThat(keys.find(KEY.replace('a', 'b'))).isNull();
        assertThat(keys.find(hash(KEY))).isNull();
    }

    @Test
    void theHashIsThatOfTheCommandLine() throws Exception {
        // printf %s 0123456789abcdef0123456789abcdef | sha256sum
        assertThat(parse("shop 3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9")
                        .find(KEY))
                .isNotNull();
    }

    @Test
    void twoKeysOfANameAreOneClient() throws Exception {
        KeyHashes keys =
                parse("shop %s\nshop %s\n".formatted(hash(KEY), hash(OTHER).toUpperCase(java.util.Locale.ROOT)));

        assertThat(requireNonNull(keys.find(KEY)).id())
                .isEqualTo(requireNonNull(keys.find(OTHER)).id());
    }

    @Test
    void aShortPasswordNeverWorksEvenIfTheFileHasItsHash() throws Exception {
        assertThat(parse("shop " + hash("hunter2")).find("hunter2")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', there is no key in it",
        "'# nothing', there is no key in it",
        "shop, line 1: after the name",
        "shop SECRETsecretSECRETsecretSECRETsecretSECRETsecretSECRETsecretSECRETs, line 1: after the name",
        "../shop %s, line 1: the name",
        "shop %s fast, line 1: word 3",
        "shop %s burst=1 burst=2, line 1: word 4",
        "shop %s speed=1, line 1: the only settings are",
        "shop %s burst=many, line 1: a limit is no number",
        "shop %s burst=0, line 1: burst and concurrent must be at least 1",
        "'shop %s|mill %s', line 2: duplicate hash",
    })
    void aBrokenFileIsRefusedWithTheLineAndWithoutItsWords(String text, String reason) {
        assertThatExceptionOfType(BrokenKeyFileException.class)
                .isThrownBy(() -> parse(text.replace("%s", hash(KEY)).replace('|', '\n')))
                .withMessageContaining(reason)
                .withMessageNotContaining("SECRET")
                .withMessageNotContaining(hash(KEY));
    }

    @Test
    void theSameNameWithOtherLimitsIsRefused() {
        assertThatExceptionOfType(BrokenKeyFileException.class)
                .isThrownBy(() -> parse("shop %s\nshop %s burst=1".formatted(hash(KEY), hash(OTHER))))
                .withMessage("line 2: shop has other limits above: give all its keys the same");
    }

    @Test
    void malformedUtf8AndTooManyBytesAreRefused() {
        assertThatExceptionOfType(BrokenKeyFileException.class)
                .isThrownBy(() -> KeyFile.parse(new byte[] {(byte) 0xff, 0}, LIMITS));
        assertThatExceptionOfType(BrokenKeyFileException.class)
                .isThrownBy(() -> KeyFile.parse(new byte[KeyFile.MAX_BYTES + 1], LIMITS));
        assertThatExceptionOfType(BrokenKeyFileException.class)
                .isThrownBy(() -> parse(IntStream.rangeClosed(0, KeyFile.MAX_KEYS)
                        .mapToObj(i -> "shop " + hash("key" + i))
                        .collect(Collectors.joining("\n"))));
    }

    static String hash(String key) {
        return HexFormat.of().formatHex(KeyHashes.sha256(key));
    }

    private static KeyHashes parse(String text) throws BrokenKeyFileException {
        return KeyFile.parse(text.getBytes(UTF_8), LIMITS);
    }
}
