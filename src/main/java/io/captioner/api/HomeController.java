package io.captioner.api;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Sends people who open the service in a browser to its description. */
@Controller
@Hidden
@Profile("!training")
final class HomeController {
    @GetMapping("/")
    String home() {
        return "redirect:/swagger-ui.html";
    }
}
