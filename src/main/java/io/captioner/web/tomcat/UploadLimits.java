package io.captioner.web.tomcat;

import io.captioner.web.AccessLogWriter;
import io.captioner.web.ProxyProperties;
import io.captioner.web.RequestAuthorizer;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import jakarta.servlet.MultipartConfigElement;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Every limit of the server on uploads, each computed from {@code captioner.image.max-bytes} and {@code max-images}.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(ProxyProperties.class)
public class UploadLimits {
    /** Images up to this size stay in memory; larger ones wait on the disk until they are decoded. */
    public static final int BYTES_IN_MEMORY = 1 << 18;

    /**
     * Bytes of a part's headers: a file name of 255 characters takes 3060 bytes where each is percent-encoded UTF-8 of four
     * bytes, and it may be there twice, as {@code filename} and as {@code filename*}.
     */
    static final int PART_HEADER_BYTES = 8192;

    /** Parts beside the images: one for each parameter, and some to tell their sender that they are too many. */
    private static final int OTHER_PARTS = 64;

    private static final int BASE64_LINE = 78;
    private static final int BYTES_OF_BASE64_LINE = 57;

    /** How many times the limit a body may have and still be read to its end, so that its sender sees the answer. */
    private static final int SWALLOWED = 16;

    @Bean
    MultipartConfigElement multipartConfig(ImageProperties images, RequestProperties requests) {
        return new MultipartConfigElement(
                "", partBytes(images), requestBytes(images, requests), BYTES_IN_MEMORY);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> uploadLimitsOfTomcat(
            RequestAuthorizer gate,
            ImageProperties images,
            RequestProperties requests,
            ProxyProperties proxies,
            ObjectProvider<CaptionService> service,
            ObjectProvider<AccessLogWriter> lines) {
        return factory -> {
            factory.setProtocol(DisconnectAwareHttpProtocol.class.getName());
            factory.addEngineValves(
                    new AnswerHeaders(),
                    new ForwardedHeadersValve(proxies),
                    new UploadTimeoutValve(requests.uploadTimeout(), swallowedBytes(images), System::nanoTime),
                    new AdmissionValve(gate, service::getObject, lines::getObject, System::nanoTime),
                    new ContentDecodingValve(requestBytes(images, requests)));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemErrorValve.class.getName());
                }
            });
            factory.addConnectorCustomizers(connector -> {
                // A form in the address's encoding is no photo, but curl calls every raw body so.
                connector.setParseBodyMethods("");
                connector.setMaxPartCount(parts(requests));
                connector.setMaxPartHeaderSize(PART_HEADER_BYTES);
                connector.setMaxPostSize(asInt(images.maxBytes().toBytes()));
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
                    protocol.setMaxSwallowSize(asInt(swallowedBytes(images)));
                }
            });
        };
    }

    /** Returns the most parts of a multipart body. */
    static int parts(RequestProperties requests) {
        return requests.maxImages() + OTHER_PARTS;
    }

    /** Returns the most bytes of a whole body, decoded. */
    static long requestBytes(ImageProperties images, RequestProperties requests) {
        return images.maxBytes().toBytes() * requests.maxImages() + (long) parts(requests) * PART_HEADER_BYTES;
    }

    /** The most bytes of a part: base64 with line ends has 78 for each 57 of a photo. What is not base64 is held to less. */
    private static long partBytes(ImageProperties images) {
        return images.maxBytes().toBytes() * BASE64_LINE / BYTES_OF_BASE64_LINE + BASE64_LINE;
    }

    private static long swallowedBytes(ImageProperties images) {
        return SWALLOWED * images.maxBytes().toBytes();
    }

    private static int asInt(long bytes) {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
