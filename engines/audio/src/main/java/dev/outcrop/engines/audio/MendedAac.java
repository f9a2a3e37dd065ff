package dev.outcrop.engines.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.ByteBuffer;
import org.jcodec.codecs.aac.AACDecoder;
import org.jcodec.common.AudioDecoder;

/**
 * JCodec's decoder of AAC, whose generator of random numbers is mended when its class is loaded.
 *
 * <p>Bands that hold noise are not written as such: a decoder fills them with random numbers of the energy that is told. JCodec
 * draws them by multiplying with an even number, so that all of them are zero after some ten, their energy is none, and the
 * division by it makes the whole frame silent. With an odd number they never become zero.
 *
 * <p>Source: ISO/IEC 14496-3, 4.6.13; the multiplier is that of Press et al., "Numerical Recipes".
 */
final class MendedAac extends ClassLoader {
    private static final String MENDED = "net.sourceforge.jaad.aac.syntax.ICStream";
    private static final String DECODER = AACDecoder.class.getName();
    private static final String PACKAGES = "net.sourceforge.jaad.";
    private static final int EVEN = 1_015_568_748;
    private static final int ODD = 1_664_525;

    static {
        registerAsParallelCapable();
    }

    private static final MendedAac CLASSES = new MendedAac(AACDecoder.class.getClassLoader());

    private MendedAac(ClassLoader parent) {
        super(parent);
    }

    /**
     * A decoder of one track.
     *
     * @param description the track's {@code AudioSpecificConfig}
     * @throws IOException if no such track is decoded
     */
    static AudioDecoder decoder(ByteBuffer description) throws IOException {
        try {
            return (AudioDecoder)
                    CLASSES.loadClass(DECODER).getConstructor(ByteBuffer.class).newInstance(description);
        } catch (ReflectiveOperationException failure) {
            throw failure.getCause() instanceof IOException refusal
                    ? refusal
                    : new IOException("no decoder for the track", failure);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGES) && !name.equals(DECODER)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            byte[] mended = name.equals(MENDED) ? mended(bytes) : bytes;
            return defineClass(name, mended, 0, mended.length);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] mended(byte[] bytes) {
        CodeTransform odd = (code, element) -> {
            if (element instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof Integer value
                    && value == EVEN) {
                code.loadConstant(ODD);
            } else {
                code.with(element);
            }
        };
        ClassFile classFile = ClassFile.of();
        return classFile.transformClass(classFile.parse(bytes), ClassTransform.transformingMethodBodies(odd));
    }
}
