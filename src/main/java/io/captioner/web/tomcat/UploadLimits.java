package io.captioner.web.tomcat;

import io.captioner.web.AccessLogWriter;
import io.captioner.web.RequestAuthorizer;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import jakarta.servlet.MultipartConfigElement;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.ObjectProvider;
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
public class UploadLimits {
    /** Images up to this size stay in memory; larger ones wait on the disk until they are decoded. */
    public static final int BYTES_IN_MEMORY = 1 << 18;

    /** Bytes of a part's headers: room for a long file name in any script. */
    private static final int PART_HEADER_BYTES = 2048;

    /** Parts beside the images: one for each parameter, and some to tell their sender that they are too many. */
    private static final int OTHER_PARTS = 64;

    /** How many times the limit a body may have and still be read to its end, so that its sender sees the answer. */
    private static final int SWALLOWED = 16;

    @Bean
    MultipartConfigElement multipartConfig(ImageProperties images, RequestProperties requests) {
        return new MultipartConfigElement(
                "", images.maxBytes().toBytes(), requestBytes(images, requests), BYTES_IN_MEMORY);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> uploadLimitsOfTomcat(
            RequestAuthorizer gate,
            ImageProperties images,
            RequestProperties requests,
            ObjectProvider<CaptionService> service,
            ObjectProvider<AccessLogWriter> lines) {
        return factory -> {
            factory.setProtocol(DisconnectAwareHttpProtocol.class.getName());
            factory.addEngineValves(
                    new AnswerHeaders(),
                    new UploadTimeoutValve(requests.uploadTimeout(), swallowedBytes(images), System::nanoTime),
                    new AdmissionValve(gate, service::getObject, lines::getObject, System::nanoTime));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemErrorValve.class.getName());
                }
            });
            factory.addConnectorCustomizers(connector -> {
                connector.setMaxPartCount(requests.maxImages() + OTHER_PARTS);
                connector.setMaxPartHeaderSize(PART_HEADER_BYTES);
                connector.setMaxPostSize(asInt(images.maxBytes().toBytes()));
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
                    protocol.setMaxSwallowSize(asInt(swallowedBytes(images)));
                }
            });
        };
    }

    private static long requestBytes(ImageProperties images, RequestProperties requests) {
        long parts = requests.maxImages() + (long) OTHER_PARTS;
        return images.maxBytes().toBytes() * requests.maxImages() + parts * PART_HEADER_BYTES;
    }

    private static long swallowedBytes(ImageProperties images) {
        return SWALLOWED * images.maxBytes().toBytes();
    }

    private static int asInt(long bytes) {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
