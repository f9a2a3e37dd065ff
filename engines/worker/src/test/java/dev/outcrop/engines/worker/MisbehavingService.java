package dev.outcrop.engines.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A service that does whatever a test asks, dying included. */
public final class MisbehavingService implements WorkerService {
    @Override
    public byte[] start(byte[] settings) {
        String asked = new String(settings, StandardCharsets.UTF_8);
        if (asked.equals("refuse")) {
            throw WorkerException.refused("NOT_FOUND", "no such model");
        }
        if (asked.equals("die")) {
            Runtime.getRuntime().halt(7);
        }
        return ("started with " + asked).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void answer(String operation, byte[] request, WorkerAnswer answer) throws InterruptedException {
        String text = new String(request, StandardCharsets.UTF_8);
        switch (operation) {
            case "echo" -> answer.send(request);
            case "count" -> {
                for (int i = 0; i < Integer.parseInt(text); i++) {
                    answer.send(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
                }
            }
            case "wait" -> {
                answer.send(request);
                Thread.sleep(Long.parseLong(text));
            }
            case "refuse" -> throw WorkerException.refused("INVALID", text);
            case "stumble" -> throw new IllegalStateException(text);
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(text));
            case "allocate" -> {
                MemorySegment memory = Arena.global().allocate(Long.parseLong(text));
                memory.fill((byte) 1);
                LockSupport.parkNanos(20_000_000_000L);
            }
            default -> throw WorkerException.refused("UNSUPPORTED", operation);
        }
    }

    @Override
    public void close() {}
}
