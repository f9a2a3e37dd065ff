package dev.outcrop.server;

import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGTERM and SIGINT before the JVM does. A JVM that is told to end runs all its shutdown hooks at once, and ONNX
 * Runtime's takes its environment apart while a model is still answering, which ends the process with SIGSEGV. Whoever
 * hears the signal first can answer what is being answered, and then end without those hooks.
 *
 * <p>{@code sun.misc.Signal} is the only way to, is in the supported module jdk.unsupported, and cannot be named without a
 * warning of the compiler; so it is called by name.
 */
final class TerminationSignals {
    private static final Logger LOG = LoggerFactory.getLogger(TerminationSignals.class);

    private TerminationSignals() {}

    /** Runs {@code end} on a thread of its own at the first such signal; later ones are left to wait for it. */
    static void hear(Runnable end) {
        Thread ending = Thread.ofPlatform().name("drain").unstarted(end);
        Runnable begin = () -> {
            if (ending.getState() == Thread.State.NEW) {
                ending.start();
            }
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object heard = Proxy.newProxyInstance(
                    TerminationSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (!method.getName().equals("handle")) {
                            return method.invoke(begin, arguments); // what every object has
                        }
                        begin.run();
                        return null;
                    });
            for (String name : List.of("TERM", "INT")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), heard);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException unheard) {
            // Another JVM, or -Xrs: the shutdown hook does the same, if less gently.
            LOG.debug("signals are left to the JVM", unheard);
        }
    }
}
