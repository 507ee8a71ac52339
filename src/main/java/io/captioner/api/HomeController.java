package io.captioner.api;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Redirects a browser from {@code /} to the description of the service. */
@Controller
@Hidden
@Profile("!training")
final class HomeController {
    @GetMapping("/")
    String home() {
        return "redirect:/swagger-ui.html";
    }
}
