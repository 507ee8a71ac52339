package io.captioner.web;

import io.captioner.web.BodyProblems.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.WebUtils;

/**
 * Refuses bodies for captions whose content type is no photo's or whose encoding is not supported, and makes Spring
 * read the parts of a request for captions. The first read of a parameter makes the server read all parts, and only
 * Spring reports with an exception of its own what fails.
 */
@Component
@Profile("!training")
final class MultipartInterceptor implements HandlerInterceptor, WebMvcConfigurer {
    /** Clients send photos under many types, and the bytes decide; but a type of text is refused. */
    private static final Pattern NO_PHOTO = Pattern.compile(
            "text/.*|message/.*|multipart/(?!form-data\\b).*|application/(json|xml|yaml|graphql|javascript|x-ndjson)\\b.*|(?!image/)[^;]*\\+(json|xml)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern JSON =
            Pattern.compile("application/json\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final RemoteImages remote;
    private final Protocols protocols;

    MultipartInterceptor(RemoteImages remote, Protocols protocols) {
        this.remote = remote;
        this.protocols = protocols;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns(ImageUploads.PATH, ImageUploads.SCORE_PATH);
        registry.addInterceptor(new OfProtocols());
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String type = request.getContentType();
        if (type != null && NO_PHOTO.matcher(type.strip()).matches() && !isUrl(type.strip())) {
            throw new InvalidRequestException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemExceptionHandler.UNSUPPORTED_MEDIA_TYPE);
        }
        readParts(request);
        return true;
    }

    private static void readParts(HttpServletRequest request) {
        if (ContentEncoding.of(request.getHeaders(ContentEncoding.HEADER)) == ContentEncoding.UNSUPPORTED) {
            throw InvalidRequestException.unsupportedEncoding(
                    String.join(", ", Collections.list(request.getHeaders(ContentEncoding.HEADER))));
        }
        MultipartHttpServletRequest multipart = WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
        if (multipart != null) {
            multipart.getMultiFileMap();
        }
    }

    /** The same for the routes of other protocols, which decide on content types themselves. */
    private final class OfProtocols implements HandlerInterceptor {
        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (protocols.of(request) != null) {
                readParts(request);
            }
            return true;
        }
    }

    /** Where photos are fetched, a body of JSON may name them. */
    private boolean isUrl(String type) {
        return remote.isEnabled() && JSON.matcher(type).matches();
    }
}
