// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Last handler of a datagram channel's pipeline: notes what reaches it, in order, and lets a test wait for it. */
public class PacketRecorder extends ChannelInboundHandlerAdapter {

    /** A datagram as it was received. */
    public record Packet(
            @Nullable SocketAddress sender, @Nullable SocketAddress recipient, byte[] bytes) {}

    private final List<Packet> packets = new ArrayList<>();
    private final List<Throwable> exceptions = new ArrayList<>();
    private int active;
    private int inactive;
    private int readCompletes;

    /** The datagrams so far. */
    public final synchronized List<Packet> packets() {
        return List.copyOf(packets);
    }

    /** What was in the datagrams so far. */
    public final synchronized List<byte[]> contents() {
        List<byte[]> contents = new ArrayList<>();
        packets.forEach(packet -> contents.add(packet.bytes()));
        return contents;
    }

    /** Everything that {@code exceptionCaught} was given so far. */
    public final synchronized List<Throwable> exceptions() {
        return List.copyOf(exceptions);
    }

    /** How often the channel became active. */
    public final synchronized int active() {
        return active;
    }

    /** How often the channel became inactive. */
    public final synchronized int inactive() {
        return inactive;
    }

    /** How often {@code channelReadComplete} was told. */
    public final synchronized int readCompletes() {
        return readCompletes;
    }

    /** Waits until {@code count} datagrams, or more, have come. */
    public final List<Packet> await(int count) throws InterruptedException {
        await(() -> packets.size() >= count, count + " datagrams");
        return packets();
    }

    /** Waits for {@code condition}, which is looked at after every event and while the recorder is locked. */
    public final synchronized void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Recorder.TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                AssertionError error = new AssertionError(
                        "no " + what + " within " + Recorder.TIMEOUT_SECONDS + " s; " + packets.size() + " datagrams");
                exceptions.forEach(error::addSuppressed);
                throw error;
            }
            wait(left);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        synchronized (this) {
            active++;
            notifyAll();
        }
        super.channelActive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        AddressedEnvelope<?, ?> envelope = (AddressedEnvelope<?, ?>) msg;
        try {
            byte[] bytes = ByteBufUtil.getBytes((ByteBuf) envelope.content());
            synchronized (this) {
                packets.add(new Packet(envelope.sender(), envelope.recipient(), bytes));
                notifyAll();
            }
        } finally {
            envelope.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        synchronized (this) {
            readCompletes++;
            notifyAll();
        }
        super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        synchronized (this) {
            exceptions.add(cause);
            notifyAll();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        synchronized (this) {
            inactive++;
            notifyAll();
        }
        super.channelInactive(ctx);
    }
}
