package io.captioner.web;

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
 * Refuses bodies for captions that are announced as something that is no photo or in an encoding that is not read, and
 * has Spring read the parts of a request for captions. Whoever asks for a parameter first makes the server read them
 * all, and only Spring says in its own words what fails.
 */
@Component
@Profile("!training")
final class MultipartInterceptor implements HandlerInterceptor, WebMvcConfigurer {
    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns(ImageUploads.PATH);
    }

    /** Clients call photos by many types, and the bytes decide; but what calls itself a text is none. */
    private static final Pattern NO_PHOTO = Pattern.compile(
            "text/.*|message/.*|multipart/(?!form-data\\b).*|application/(json|xml|yaml|graphql|javascript|x-ndjson)\\b.*|(?!image/)[^;]*\\+(json|xml)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String type = request.getContentType();
        if (type != null && NO_PHOTO.matcher(type.strip()).matches()) {
            throw new RefusedRequestException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemExceptionHandler.UNSUPPORTED_MEDIA_TYPE);
        }
        if (ContentEncoding.of(request.getHeaders(ContentEncoding.HEADER)) == ContentEncoding.UNSUPPORTED) {
            throw RefusedRequestException.unsupportedEncoding(
                    String.join(", ", Collections.list(request.getHeaders(ContentEncoding.HEADER))));
        }
        MultipartHttpServletRequest multipart = WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
        if (multipart != null) {
            multipart.getMultiFileMap();
        }
        return true;
    }
}
