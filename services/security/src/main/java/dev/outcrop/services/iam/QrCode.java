package dev.outcrop.services.iam;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Texts as QR codes in pictures, black on white, a bit a pixel (PNG, ISO/IEC 15948). */
final class QrCode {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int PIXELS = 300;

    private QrCode() {}

    static byte[] png(String text) {
        try {
            return png(new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, PIXELS, PIXELS));
        } catch (WriterException tooLong) {
            throw new IllegalArgumentException(text.length() + " characters do not fit into a QR code", tooLong);
        }
    }

    private static byte[] png(BitMatrix code) {
        int rowBytes = (code.getWidth() + 7) / 8;
        ByteBuffer rows = ByteBuffer.allocate(code.getHeight() * (1 + rowBytes));
        for (int y = 0; y < code.getHeight(); y++) {
            byte[] row = new byte[rowBytes];
            for (int x = 0; x < code.getWidth(); x++) {
                if (!code.get(x, y)) {
                    row[x >> 3] |= (byte) (0x80 >> (x & 7));
                }
            }
            rows.put((byte) 0).put(row);
        }
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(code.getWidth())
                .putInt(code.getHeight())
                // One bit a sample, greyscale, the only compression, filter and no interlacing.
                .put(new byte[] {1, 0, 0, 0, 0});
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", deflated(rows.array()));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
