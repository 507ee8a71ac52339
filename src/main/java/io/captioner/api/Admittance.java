package io.captioner.api;

import io.captioner.caption.CaptionService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.WebUtils;

/**
 * Turns photos away at the door when the house is full or closing, before anything of their bodies is read: under a
 * flood, a refusal must cost nearly nothing.
 */
@Component
@Profile("!training")
final class Admittance implements HandlerInterceptor, WebMvcConfigurer {
    private final CaptionService service;

    Admittance(CaptionService service) {
        this.service = service;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns(CaptionController.PATH);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (HttpMethod.POST.matches(request.getMethod())) {
            service.requireRoom(RequestTimeout.parse(request.getHeader(RequestTimeout.HEADER)));
            readParts(request);
        }
        return true;
    }

    /**
     * Whoever asks for a parameter first makes the server read all parts; only Spring says in its own words what fails.
     */
    private static void readParts(HttpServletRequest request) {
        MultipartHttpServletRequest multipart = WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
        if (multipart != null) {
            multipart.getMultiFileMap();
        }
    }
}
