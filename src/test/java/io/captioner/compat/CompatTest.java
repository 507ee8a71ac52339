package io.captioner.compat;

import io.captioner.ServedTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/** A test against the whole service with the protocols of other programs switched on; all such tests share it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ServedTest
@TestPropertySource(
        properties = {
            "captioner.compat.enabled=ollama,openai,azure,oip,photoprism,seer,max,mcp",
            "captioner.compat.ollama.aliases=moondream",
            "captioner.compat.mcp.origins=https://tools.example.org"
        })
public @interface CompatTest {}
