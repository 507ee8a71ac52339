package io.captioner;

import io.captioner.jobs.JobOutcome;
import io.captioner.registry.ModelPreloader;
import java.util.OptionalInt;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The one program: serves captions by default, trains models under the {@code training} profile. */
@SpringBootApplication
public class CaptionerApplication {
    /** Starts the service, or one job under {@code --spring.profiles.active=training} or {@code jobs}. */
    public static void main(String[] arguments) {
        run(arguments).ifPresent(System::exit);
    }

    /** Returns the exit code of a job that is over; a service has none, for it goes on. */
    static OptionalInt run(String... arguments) {
        SpringApplication application = new SpringApplication(CaptionerApplication.class);
        JobOutcome outcome = new JobOutcome();
        application.addListeners(outcome);
        application.addInitializers(ModelPreloader::start);
        SpringApplication.getShutdownHandlers().add(outcome::awaitOver);
        try {
            ConfigurableApplicationContext context = application.run(arguments);
            if (outcome.isOfJob()) {
                return OptionalInt.of(SpringApplication.exit(context));
            }
            LaidOutProgram.warnIfOfAnotherJar(System.getProperty("java.class.path"));
            return OptionalInt.empty();
        } catch (RuntimeException | Error failure) {
            if (!outcome.isOfJob()) {
                throw failure;
            }
            return OptionalInt.of(outcome.failed(failure));
        } finally {
            outcome.over();
        }
    }
}
