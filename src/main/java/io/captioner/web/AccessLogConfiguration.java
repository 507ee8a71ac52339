package io.captioner.web;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Puts the access log in front of everything but the observation of the request, whose trace it belongs to. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@Import(ProbeAcceptFilter.Registration.class)
class AccessLogConfiguration {
    private static final int AFTER_OBSERVATION = Ordered.HIGHEST_PRECEDENCE + 2;

    @Bean
    AccessLogWriter accessLogWriter(Environment environment) {
        return new AccessLogWriter(environment.containsProperty("logging.structured.format.console"));
    }

    @Bean
    FilterRegistrationBean<AccessLogFilter> accessLog(AccessLogWriter writer) {
        FilterRegistrationBean<AccessLogFilter> registration =
                new FilterRegistrationBean<>(new AccessLogFilter(writer, System::nanoTime));
        registration.setOrder(AFTER_OBSERVATION);
        return registration;
    }
}
