package io.captioner;

import java.net.URLClassLoader;

/**
 * Where Java starts: {@link CaptionerApplication}. Where the program is one jar, that is the {@link LaidOutProgram}
 * beside it, or the jar with a {@link NestedJarLoader}.
 */
public final class Main {
    private Main() {}

    /** Starts the program; see {@link CaptionerApplication#main}. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        if (Main.class.getClassLoader() instanceof URLClassLoader loader && NestedJarLoader.fits(loader)) {
            LaidOutProgram.replaceProcess(arguments);
            NestedJarLoader quicker = new NestedJarLoader(loader);
            Thread.currentThread().setContextClassLoader(quicker);
            Class.forName(CaptionerApplication.class.getName(), true, quicker)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } else {
            CaptionerApplication.main(arguments);
        }
    }
}
