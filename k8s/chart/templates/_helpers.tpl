{{/* The name of all objects: the release's, after "captioner", by which rules and dashboard find the meters. */}}
{{- define "captioner.name" -}}
{{- $name := ternary .Release.Name (printf "captioner-%s" .Release.Name) (hasPrefix "captioner" .Release.Name) -}}
{{- trunc 52 $name | trimSuffix "-" -}}
{{- end }}

{{/* What selects the pods. Two releases in one namespace have two names. */}}
{{- define "captioner.labels" -}}
app.kubernetes.io/name: {{ include "captioner.name" . }}
app.kubernetes.io/component: server
{{- end }}

{{- define "captioner.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Values.device }}
{{- end }}
{{- end }}

{{/* The Service of the photos. */}}
{{- define "captioner.service" -}}
{{ include "captioner.name" . }}{{ if .Values.kserve.enabled }}-predictor{{ end }}
{{- end }}

{{- define "captioner.claim" -}}
{{ .Values.models.claim.existing | default (printf "%s-models" (include "captioner.name" .)) }}
{{- end }}

{{- define "captioner.resources" -}}
{{- if .Values.resources }}
{{- toYaml .Values.resources }}
{{- else if eq .Values.device "gpu" }}
requests:
  cpu: "4"
  memory: 8Gi
  ephemeral-storage: 2Gi
limits:
  cpu: "4"
  memory: 8Gi
{{- else }}
requests:
  cpu: "2"
  memory: 2Gi
  ephemeral-storage: 2Gi
limits:
  cpu: "2"
  memory: 2Gi
{{- end }}
{{- end }}

{{/* What every container of ours, and of the test, may not do. */}}
{{- define "captioner.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "captioner.podSecurity" -}}
runAsNonRoot: true
{{- if not .Values.arbitraryUser }}
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}
