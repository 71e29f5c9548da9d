#!/bin/sh
# Run by the Dockerfile in the folder of Debian's unpacked source, security fixes included: builds ffmpeg and ffprobe
# with the parts that a worker uses, and installs them where Debian's package would.
#
# Debian's build loads 200 libraries (246 MB): screens, speech synthesis, video encoders. To map and relocate them
# takes 50 ms of CPU whenever ffmpeg or ffprobe starts, and every track starts both. This build loads a dozen, in a
# few milliseconds. It decodes and encodes to the same bits: same code, same assembler. Nothing in it is under the
# GPL.
set -eu

version=$(dpkg-parsechangelog --show-field Version)
library_folder=/usr/lib/$(dpkg-architecture --query DEB_HOST_MULTIARCH)

# As in src/audio/hostile-input.ts, by the names that configure has for them; and what fpcalc is fed with.
demuxers=aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,loas,matroska,mp3,mpc,mpc8
demuxers=$demuxers,mpegps,mpegts,mov,ofr,ogg,oma,rm,shorten,tak,truehd,tta,voc,w64,wav,wv,xwma,pcm_s16le,pcm_f32le
# Every decoder of audio that is ffmpeg's own, and those of the pictures that covers are.
decoders=aac,aac_latm,ac3,eac3,alac,als,amrnb,amrwb,ape,'aptx*','atrac*',cook,dca,'dolby*','dsd*','dss*',dst,'*evrc*'
decoders=$decoders,flac,ffwavesynth,g723_1,g729,gsm,'gsm_ms*',hca,hcom,iac,ilbc,imc,interplay_acm,'mace*',metasound
decoders=$decoders,mlp,'mp1*','mp2*','mp3*','mpc*',msnsiren,nellymoser,on2avc,opus,paf_audio,'qdm*',qcelp,'ra_*',ralf
decoders=$decoders,'sbc*',shorten,sipr,siren,smackaud,sonic,speex,tak,truehd,truespeech,tta,twinvq,vmdaudio,vorbis
decoders=$decoders,wavesynth,wavpack,'wma*','xma*','pcm_*','adpcm_*','*_dpcm',mjpeg,png,bmp,gif
encoders=aac,libmp3lame,libopus,flac,pcm_f32le,pcm_s16le
muxers=ipod,mp3,ogg,opus,flac,null,pcm_f32le,pcm_s16le
filters=aformat,anull,aresample,asplit,atrim,ebur128,volumedetect

./configure \
  --prefix=/usr --libdir="$library_folder" --shlibdir="$library_folder" --extra-version="${version#*-}" \
  --toolchain=hardened --enable-shared --disable-static --disable-debug --disable-doc --disable-autodetect \
  --disable-network --disable-avdevice --disable-swscale --disable-ffplay --disable-everything --enable-rdft \
  --enable-zlib --enable-libmp3lame --enable-libopus --enable-parsers --enable-protocol=file,pipe \
  --enable-demuxer="$demuxers" --enable-decoder="$decoders" --enable-encoder="$encoders" --enable-muxer="$muxers" \
  --enable-filter="$filters" > /tmp/configure.log || { cat /tmp/configure.log; exit 1; }
make --silent --jobs="$(nproc)" > /tmp/make.log 2>&1 || { tail -n 40 /tmp/make.log; exit 1; }
make --silent install-progs install-libs > /tmp/make.log

# For those who look for known holes in images: this is that version of Debian's ffmpeg.
mkdir -p /usr/share/doc/ffmpeg
cp debian/copyright /usr/share/doc/ffmpeg/copyright
cat > /usr/share/doc/ffmpeg/status <<STATUS
Package: ffmpeg
Status: install ok installed
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $(dpkg-parsechangelog --show-field Maintainer)
Description: Debian's source, built with the parts that backfill uses
STATUS
