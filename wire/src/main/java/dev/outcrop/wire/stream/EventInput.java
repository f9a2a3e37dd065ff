package dev.outcrop.wire.stream;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.eventstream.MalformedMessageException;
import dev.outcrop.shapes.eventstream.Message;
import dev.outcrop.shapes.eventstream.MessageDecoder;
import dev.outcrop.wire.signature.AuthenticationException;
import dev.outcrop.wire.signature.EventSignatures;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The events that a client sends, decoded one by one as they are asked for; signatures are checked where messages have
 * them. One subscriber; events come to it on a thread of their own, so that answers can flow meanwhile.
 */
public final class EventInput implements Publisher<Object> {
    private static final int CHUNK = 16 * 1024;

    private final InputStream body;
    private final EventBinding binding;
    private final Class<?> type;
    private final Optional<EventSignatures> signatures;
    private final boolean unsignedToo;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private volatile Optional<AwsError> failure = Optional.empty();

    /**
     * The events in {@code body}.
     *
     * @param type        the SDK's interface of the events
     * @param signatures  what their signatures must be; empty if they need none
     * @param unsignedToo whether messages may have none all the same
     */
    public EventInput(
            InputStream body,
            EventBinding binding,
            Class<?> type,
            Optional<EventSignatures> signatures,
            boolean unsignedToo) {
        this.body = body;
        this.binding = binding;
        this.type = type;
        this.signatures = signatures;
        this.unsignedToo = unsignedToo;
    }

    /** What was wrong with the client's events, if something was. */
    public Optional<AwsError> failure() {
        return failure;
    }

    @Override
    public void subscribe(Subscriber<? super Object> subscriber) {
        if (!subscribed.compareAndSet(false, true)) {
            throw new IllegalStateException("the events of a request can be read once");
        }
        Demand demand = new Demand();
        subscriber.onSubscribe(demand);
        Thread.ofVirtual().name("event-stream-input").start(() -> read(subscriber, demand));
    }

    private void read(Subscriber<? super Object> subscriber, Demand demand) {
        try {
            deliver(subscriber, demand);
        } catch (MalformedMessageException | SerializationFailure e) {
            fail(subscriber, AwsError.serialization(e.getMessage()));
        } catch (AuthenticationException e) {
            fail(subscriber, new AwsError(e.code(), e.status(), e.getMessage()));
        } catch (IOException e) {
            fail(subscriber, AwsError.serialization("The event stream ended unexpectedly."));
        }
    }

    private void fail(Subscriber<? super Object> subscriber, AwsError error) {
        failure = Optional.of(error);
        subscriber.onError(error);
    }

    private void deliver(Subscriber<? super Object> subscriber, Demand demand) throws IOException {
        MessageDecoder decoder = new MessageDecoder();
        MessageDecoder inner = new MessageDecoder();
        byte[] chunk = new byte[CHUNK];
        while (true) {
            Optional<Message> next = decoder.next();
            if (next.isEmpty()) {
                int count = body.read(chunk);
                if (count < 0) {
                    if (decoder.isInsideMessage()) {
                        throw new SerializationFailure("", "The event stream ended inside a message");
                    }
                    subscriber.onComplete();
                    return;
                }
                decoder.feed(chunk, 0, count);
                continue;
            }
            Message message = next.get();
            if (message.signature().isPresent()) {
                Message.Signature signature = message.signature().get();
                if (signatures.isPresent()) {
                    signatures
                            .get()
                            .verify(
                                    signature.date().value(),
                                    signature.signature().value(),
                                    message.payload());
                }
                if (message.payload().length == 0) {
                    subscriber.onComplete();
                    return;
                }
                inner.feed(message.payload());
                message = inner.next().orElseThrow(() -> new SerializationFailure("", "A signed message holds none"));
            } else if (signatures.isPresent() && !unsignedToo) {
                throw new SerializationFailure("", "The messages of a signed event stream must be signed");
            }
            if (message.headers().isEmpty() && message.payload().length == 0) {
                // The last message of a stream, where messages are not signed.
                subscriber.onComplete();
                return;
            }
            Optional<Object> event = binding.decode(message, type);
            if (event.isPresent()) {
                if (!demand.take()) {
                    return;
                }
                subscriber.onNext(event.get());
            }
        }
    }

    /** What the subscriber has asked for. */
    private static final class Demand implements Subscription {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long asked;
        private boolean cancelled;

        /** Waits until one more event is wanted; false if none ever will be. */
        boolean take() {
            lock.lock();
            try {
                while (asked == 0 && !cancelled) {
                    changed.await();
                }
                asked -= asked == Long.MAX_VALUE ? 0 : 1;
                return !cancelled;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void request(long count) {
            lock.lock();
            try {
                asked = count > Long.MAX_VALUE - asked ? Long.MAX_VALUE : asked + Math.max(0, count);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                cancelled = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
