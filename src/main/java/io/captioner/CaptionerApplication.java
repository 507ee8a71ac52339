package io.captioner;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The one program: serves captions by default, trains models under the {@code training} profile. */
@SpringBootApplication
public class CaptionerApplication {
    /** Starts the service, or one training job under {@code --spring.profiles.active=training}. */
    public static void main(String[] arguments) {
        SpringApplication.run(CaptionerApplication.class, arguments);
    }
}
