// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Last handler of a pipeline: notes what reaches it, in order, and lets a test wait for it. Its events are written by
 * the event loop and read by the test's thread.
 */
public class Recorder extends ChannelInboundHandlerAdapter {

    /** Generous: a test that waits this long has failed. {@code -Dtestsuite.timeoutSeconds} is for who looks for why. */
    public static final long TIMEOUT_SECONDS = Long.getLong("testsuite.timeoutSeconds", 30);

    /** What can reach a channel's pipeline. */
    public enum Event {
        ACTIVE,
        READ,
        READ_COMPLETE,
        INPUT_SHUTDOWN,
        INPUT_SHUTDOWN_READ_COMPLETE,
        OUTPUT_SHUTDOWN,
        OTHER_USER_EVENT,
        EXCEPTION,
        INACTIVE,
        UNREGISTERED
    }

    /** Events and exceptions that a failed wait tells of. */
    private static final int SHOWN = 20;

    private final List<Event> events = new ArrayList<>();
    private final List<Throwable> exceptions = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private synchronized void note(Event event) {
        events.add(event);
        notifyAll();
    }

    /** The events so far. */
    public final synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** How many of {@code event} so far. */
    public final synchronized int count(Event event) {
        return Collections.frequency(events, event);
    }

    /** Everything read so far. */
    public final synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    /** How much was read so far. */
    public final synchronized int size() {
        return bytes.size();
    }

    /** Everything that {@code exceptionCaught} was given so far. */
    public final synchronized List<Throwable> exceptions() {
        return List.copyOf(exceptions);
    }

    /** Waits until {@code event} has been seen. */
    public final void await(Event event) throws InterruptedException {
        await(() -> events.contains(event), event.toString());
    }

    /** Waits until {@code count} bytes, or more, have been read. */
    public final void awaitBytes(int count) throws InterruptedException {
        await(() -> bytes.size() >= count, count + " bytes");
    }

    /** Waits for {@code condition}, which is looked at after every event and while the recorder is locked. */
    public final synchronized void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                AssertionError error = new AssertionError("no " + what + " within " + TIMEOUT_SECONDS + " s; "
                        + bytes.size() + " bytes, " + events.size() + " events, the last "
                        + events.subList(Math.max(0, events.size() - SHOWN), events.size()));
                exceptions.stream().limit(SHOWN).forEach(error::addSuppressed);
                throw error;
            }
            wait(left);
        }
    }

    /** What a subclass does with the loop's thread when bytes arrive; they are recorded already. */
    protected void onRead(ChannelHandlerContext ctx, int length) {}

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        note(Event.ACTIVE);
        super.channelActive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        ByteBuf buffer = (ByteBuf) msg;
        int length = buffer.readableBytes();
        try {
            synchronized (this) {
                buffer.readBytes(bytes, length);
                note(Event.READ);
            }
        } finally {
            buffer.release();
        }
        onRead(ctx, length);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        note(Event.READ_COMPLETE);
        super.channelReadComplete(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            note(Event.INPUT_SHUTDOWN);
        } else if (event instanceof ChannelInputShutdownReadComplete) {
            note(Event.INPUT_SHUTDOWN_READ_COMPLETE);
        } else if (event instanceof ChannelOutputShutdownEvent) {
            note(Event.OUTPUT_SHUTDOWN);
        } else {
            note(Event.OTHER_USER_EVENT);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        synchronized (this) {
            exceptions.add(cause);
            note(Event.EXCEPTION);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        note(Event.INACTIVE);
        super.channelInactive(ctx);
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) throws Exception {
        note(Event.UNREGISTERED);
        super.channelUnregistered(ctx);
    }
}
