package dev.outcrop.kernel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;

/** Lets blocking code be the sender of an SDK event stream. */
public final class EventStreams {
    /** How long a sender waits for a reader that takes nothing. */
    public static final Duration LONGEST_STALL = Duration.ofMinutes(5);

    private EventStreams() {}

    /**
     * Hands {@code response} to {@code handler} and then runs {@code body}, which sends the events, on the calling
     * thread. The subscriber is called on that thread, too. What must be checked before the response begins is checked
     * before this is called.
     *
     * @return done when the stream is; failed with what {@code body} threw. A reader that cancels is no failure of the
     *     stream: {@code body} gets {@link ClientGone}, and so does whoever waits for the future
     */
    public static <R, E> CompletableFuture<Void> publish(
            EventStreamResponseHandler<R, E> handler, R response, Consumer<EventSink<E>> body) {
        Feed<E> feed = new Feed<>(LONGEST_STALL);
        try {
            handler.responseReceived(response);
            handler.onEventStream(feed::subscribe);
            body.accept(feed);
            feed.complete();
            handler.complete();
            return CompletableFuture.completedFuture(null);
        } catch (ClientGone gone) {
            return CompletableFuture.failedFuture(gone);
        } catch (RuntimeException failure) {
            feed.fail(failure);
            handler.exceptionOccurred(failure);
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Counts the demand of one subscriber. */
    private static final class Feed<E> implements EventSink<E>, Subscription {
        private final Duration longestStall;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private Subscriber<? super E> subscriber;
        private long demand;
        private boolean cancelled;

        Feed(Duration longestStall) {
            this.longestStall = longestStall;
        }

        void subscribe(Subscriber<? super E> newSubscriber) {
            lock.lock();
            try {
                if (subscriber != null) {
                    throw new IllegalStateException("an event stream has one subscriber, and this one has it already");
                }
                subscriber = newSubscriber;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            newSubscriber.onSubscribe(this);
        }

        @Override
        public void send(E event) {
            awaitDemand();
            subscriber.onNext(event);
        }

        private void awaitDemand() {
            long nanosLeft = longestStall.toNanos();
            lock.lock();
            try {
                while (!cancelled && (subscriber == null || demand == 0)) {
                    if (nanosLeft <= 0) {
                        cancelled = true;
                        throw new ClientGone("the reader took nothing for " + longestStall);
                    }
                    nanosLeft = changed.awaitNanos(nanosLeft);
                }
                if (cancelled) {
                    throw new ClientGone("the reader cancelled the stream");
                }
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ClientGone("interrupted while waiting for the reader");
            } finally {
                lock.unlock();
            }
        }

        /** The subscriber, once there is one; a handler may subscribe on a thread of its own. */
        private Subscriber<? super E> awaitSubscriber() {
            long nanosLeft = TimeUnit.SECONDS.toNanos(10);
            lock.lock();
            try {
                while (subscriber == null && !cancelled && nanosLeft > 0) {
                    nanosLeft = changed.awaitNanos(nanosLeft);
                }
                if (subscriber == null || cancelled) {
                    throw new ClientGone("nobody reads the stream");
                }
                return subscriber;
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ClientGone("interrupted while waiting for the reader");
            } finally {
                lock.unlock();
            }
        }

        void complete() {
            awaitSubscriber().onComplete();
        }

        void fail(Throwable failure) {
            Subscriber<? super E> current;
            lock.lock();
            try {
                current = cancelled ? null : subscriber;
            } finally {
                lock.unlock();
            }
            if (current != null) {
                current.onError(failure);
            }
        }

        @Override
        public void request(long count) {
            lock.lock();
            try {
                demand = count > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + Math.max(count, 0);
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
