import "bowline";
import "bowline/transport/undici";
