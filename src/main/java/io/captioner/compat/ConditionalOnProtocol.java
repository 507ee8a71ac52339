package io.captioner.compat;

import io.captioner.caption.Protocol;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Marks a bean that exists where a protocol is switched on: by {@code captioner.compat.NAME.enabled} or else by its
 * name in {@code captioner.compat.enabled}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnProtocol.OnProtocol.class)
@Profile("!training")
public @interface ConditionalOnProtocol {
    Protocol value();

    /** The condition. */
    final class OnProtocol implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Protocol protocol = (Protocol)
                    Objects.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnProtocol.class.getName()))
                            .get("value");
            return isEnabled(
                    Objects.requireNonNull(protocol, "bug: the annotation has a value"), context.getEnvironment());
        }

        /** Returns whether a protocol is switched on in a process that serves. */
        public static boolean isServed(Protocol protocol, Environment environment) {
            return environment.matchesProfiles("!training") && isEnabled(protocol, environment);
        }

        static boolean isEnabled(Protocol protocol, Environment environment) {
            Binder binder = Binder.get(environment);
            return binder.bind("captioner.compat.%s.enabled".formatted(protocol.tag()), Boolean.class)
                    .orElseGet(() -> binder.bind("captioner.compat.enabled", Bindable.listOf(Protocol.class))
                            .orElse(List.of())
                            .contains(protocol));
        }
    }
}
