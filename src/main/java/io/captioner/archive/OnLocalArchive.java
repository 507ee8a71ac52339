package io.captioner.archive;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The condition of all that needs a {@link CaptionArchive}: answers are kept, and not in a search engine. */
public final class OnLocalArchive implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        return environment.getProperty("captioner.archive.enabled", Boolean.class, false)
                && environment
                        .getProperty("captioner.archive.opensearch.url", "")
                        .isBlank();
    }
}
