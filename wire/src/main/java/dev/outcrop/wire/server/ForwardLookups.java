package dev.outcrop.wire.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Looks up the addresses of names, and never the name of an address. Helidon asks for the name of every client that begins
 * a TLS handshake: where name servers do not answer, each would wait for them, for ten seconds and more.
 */
public final class ForwardLookups extends InetAddressResolverProvider {
    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtin = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                return builtin.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                throw new UnknownHostException("names of addresses are not looked up");
            }
        };
    }

    @Override
    public String name() {
        return "forward lookups only";
    }
}
