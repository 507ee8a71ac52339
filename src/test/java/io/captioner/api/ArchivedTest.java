package io.captioner.api;

import io.captioner.FakeModels;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** A test against the whole service with an archive, on real ports and with fake models; all such tests share it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.show-details=always",
            "captioner.archive.directory=target/archives/${random.uuid}",
            "captioner.archive.enabled=true",
            "captioner.archive.timeout=30s"
        })
@Import(FakeModels.class)
@interface ArchivedTest {}
