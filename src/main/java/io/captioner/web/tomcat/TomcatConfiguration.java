package io.captioner.web.tomcat;

import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.AccessLogWriter;
import io.captioner.web.Protocols;
import io.captioner.web.RehearsalToken;
import io.captioner.web.RequestAuthorizer;
import io.captioner.web.UploadLimits;
import io.captioner.web.tomcat.ForwardedHeadersValve.ProxyProperties;
import jakarta.servlet.MultipartConfigElement;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ForwardedHeaderFilter;

/** The configuration of Tomcat: its protocol, its valves in their order, and its limits on uploads. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(ProxyProperties.class)
class TomcatConfiguration {
    @Bean
    MultipartConfigElement multipartConfig(ImageProperties images, RequestProperties requests) {
        return new MultipartConfigElement(
                "",
                UploadLimits.partBytes(images),
                UploadLimits.requestBytes(images, requests),
                UploadLimits.BYTES_IN_MEMORY);
    }

    @Bean
    RehearsalToken rehearsalToken() {
        return new RehearsalToken();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(
            RehearsalToken rehearsal,
            RequestAuthorizer authorizer,
            ImageProperties images,
            RequestProperties requests,
            ProxyProperties proxies,
            ObjectProvider<CaptionService> service,
            ObjectProvider<Protocols> protocols,
            ObjectProvider<AccessLogWriter> accessLog) {
        return factory -> {
            factory.setProtocol(DisconnectAwareHttpProtocol.class.getName());
            factory.addEngineValves(
                    new ResponseHeadersValve(),
                    new ForwardedHeadersValve(proxies),
                    new UploadTimeoutValve(
                            requests.uploadTimeout(), UploadLimits.swallowedBytes(images), System::nanoTime),
                    new AdmissionValve(
                            rehearsal,
                            authorizer,
                            service::getObject,
                            protocols::getObject,
                            accessLog::getObject,
                            System::nanoTime),
                    new ContentDecodingValve(UploadLimits.requestBytes(images, requests)));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemErrorValve.class.getName());
                }
            });
            factory.addConnectorCustomizers(connector -> {
                // A form in the address's encoding is no photo, but curl calls every raw body so.
                connector.setParseBodyMethods("");
                // Beyond it Tomcat would answer 500; the size of the head is the limit.
                connector.setMaxLocaleCount(Integer.MAX_VALUE);
                connector.setMaxPartCount(UploadLimits.parts(requests));
                connector.setMaxPartHeaderSize(UploadLimits.PART_HEADER_BYTES);
                connector.setMaxPostSize(asInt(images.maxBytes().toBytes()));
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
                    protocol.setMaxSwallowSize(asInt(UploadLimits.swallowedBytes(images)));
                }
            });
        };
    }

    /** Applies {@code X-Forwarded-Prefix}, which Tomcat's own support of forwarded headers does not know. */
    @Bean
    @ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "native")
    FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaderFilter() {
        FilterRegistrationBean<ForwardedHeaderFilter> registration =
                new FilterRegistrationBean<>(new ForwardedHeaderFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    private static int asInt(long bytes) {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
