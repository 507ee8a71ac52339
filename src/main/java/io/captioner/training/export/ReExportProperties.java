package io.captioner.training.export;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The export of a bundle anew.
 *
 * @param bundle directory {@code <name>/<version>} of the bundle whose weights are taken
 * @param models directory that the new bundle is written to, as {@code <name>/<version>}
 * @param version of the new bundle, a positive number that is not taken
 * @param wordPrior whether searches with consensus favour words of the captions of the training photos that are most
 *     like an image; as in the existing bundle unless given. Calibrate with training photos before and after a change.
 */
@Validated
@ConfigurationProperties("captioner.re-export")
record ReExportProperties(
        @NotNull Path bundle,
        @DefaultValue("models") Path models,

        @NotNull @Pattern(regexp = "[1-9][0-9]{0,8}") String version,

        @Nullable Boolean wordPrior) {}
